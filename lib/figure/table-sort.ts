/**
 * Makes the tables of a page that are marked data-sortable sortable, each once: the head of a column
 * becomes a button that sorts by it, upwards, downwards, and back as it was. A cell counts as its
 * data-key, a number where it is one; cells without stand last either way. Plain JavaScript, run as it
 * stands.
 */
export const SORT_SCRIPT = `
(function () {
  'use strict';
  var SIGNS = { ascending: '\\u2191', descending: '\\u2193', none: '\\u2195' };
  var NEXT = { none: 'ascending', ascending: 'descending', descending: 'none' };

  function compare(a, b) {
    var x = Number(a), y = Number(b);
    return x < y ? -1 : x > y ? 1 : x === y ? 0 : a.localeCompare(b);
  }

  function sorted(rows, column, direction) {
    if (direction === 'none') return rows;
    var sign = direction === 'ascending' ? 1 : -1;
    return rows.slice().sort(function (one, other) {
      var a = one.cells[column].getAttribute('data-key');
      var b = other.cells[column].getAttribute('data-key');
      if (a === null || b === null) return (a === null) - (b === null);
      return sign * compare(a, b);
    });
  }

  function makeSortable(table) {
    var body = table.tBodies[0];
    var rows = Array.from(body.rows);
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = document.createElement('button');
      var sign = document.createElement('span');
      button.type = 'button';
      button.style.cssText =
        'font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit';
      // JupyterLab must not take Enter and Space for its own shortcuts.
      button.setAttribute('data-lm-suppress-shortcuts', 'true');
      sign.setAttribute('aria-hidden', 'true');
      button.textContent = head.textContent;
      button.append(sign);
      head.replaceChildren(button);

      function show(direction) {
        if (direction === 'none') head.removeAttribute('aria-sort');
        else head.setAttribute('aria-sort', direction);
        sign.textContent = '\\u00a0' + SIGNS[direction];
        sign.style.opacity = direction === 'none' ? '0.4' : '1';
      }

      head.addEventListener('unsort', function () { show('none'); });
      show('none');
      button.addEventListener('click', function () {
        var direction = NEXT[head.getAttribute('aria-sort') || 'none'];
        heads.forEach(function (each) { each.dispatchEvent(new Event('unsort')); });
        show(direction);
        body.append.apply(body, sorted(rows, column, direction));
      });
    });
  }

  document.querySelectorAll('table[data-sortable]:not([data-sorting])').forEach(function (table) {
    table.setAttribute('data-sorting', '');
    makeSortable(table);
  });
})();
`;

/** The script as it stands behind a table. */
export const SORT_ELEMENT = `<script>${SORT_SCRIPT}</script>`;
