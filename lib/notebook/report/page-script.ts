/**
 * The script of a report's page: draws the plots as they come into view, folds the code, and gives
 * frames the height of their content. Plain JavaScript, run as it stands.
 */
export const PAGE_SCRIPT = `
'use strict';
function draw(place) {
  var figure = JSON.parse(document.getElementById(place.dataset.plot).textContent);
  var layout = Object.assign({}, figure.layout, { autosize: true });
  delete layout.width;
  var canvas = document.createElement('div');
  canvas.className = 'canvas';
  canvas.style.height = (layout.height || place.clientHeight || 400) + 'px';
  place.append(canvas);
  Promise.resolve()
    .then(function () {
      return Plotly.newPlot(canvas, figure.data, layout, { responsive: true, displaylogo: false });
    })
    .then(
      function () { place.classList.add('drawn'); },
      function () { canvas.remove(); }
    );
}

var plots = document.querySelectorAll('.plot');
if (typeof Plotly === 'object' && plots.length > 0) {
  var observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) {
        observer.unobserve(entry.target);
        draw(entry.target);
      }
    });
  }, { rootMargin: '600px' });
  plots.forEach(function (place) { observer.observe(place); });
}

var toggle = document.getElementById('toggle-code');
if (toggle) {
  toggle.hidden = false;
  toggle.addEventListener('click', function () {
    var open = toggle.getAttribute('aria-pressed') !== 'true';
    toggle.setAttribute('aria-pressed', String(open));
    toggle.textContent = open ? 'Hide code' : 'Show code';
    document.querySelectorAll('details.code').forEach(function (cell) { cell.open = open; });
  });
}

window.addEventListener('message', function (event) {
  var height = event.data && event.data.frameHeight;
  document.querySelectorAll('iframe.frame').forEach(function (frame) {
    if (frame.contentWindow === event.source && height > 0) {
      frame.style.height = Math.min(height, 4000) + 'px';
    }
  });
});
`;
