/** The style of reports and of their index: an article, in light, dark and print. */
export const PAGE_STYLE = `
:root {
  --text: #1f2328; --quiet: #656d76; --ground: #fff; --raised: #f6f8fa; --line: #d8dee4;
  --link: #0757ba; --accent: #0b7285; --wrong: #b42318; --wrong-ground: #fef3f2;
  --keyword: #a0266b; --string: #0a5d3c; --number: #0757ba; --title: #6639ba;
  --sans: system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', sans-serif;
  --serif: Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Code', Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #d9dee3; --quiet: #929aa3; --ground: #15181c; --raised: #1e2227; --line: #343a41;
    --link: #78b0f5; --accent: #5cc4d6; --wrong: #ff9b90; --wrong-ground: #35201e;
    --keyword: #f28cc0; --string: #7fd6ab; --number: #83b8ff; --title: #c3a6ff;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 1.0625rem/1.65 var(--serif); overflow-wrap: break-word;
}
.layout { max-width: 50rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
.layout.wide { max-width: 68rem; }
.layout.wide th[scope=row] { min-width: 16rem; }
h1, h2, h3, h4, h5, h6 { font-family: var(--sans); line-height: 1.25; margin: 2.2em 0 0.6em; }
h1 { font-size: 2.1rem; letter-spacing: -0.02em; margin-top: 0; }
h2 { font-size: 1.45rem; letter-spacing: -0.01em; }
h3 { font-size: 1.15rem; }
h4, h5, h6 { font-size: 1rem; }
p, ul, ol, blockquote, pre, figure, table, .html, .frame { margin: 0 0 1.1rem; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 0.15em; }
.anchor {
  float: left; width: 1.1em; margin-left: -1.1em; color: var(--quiet); text-decoration: none;
  font-weight: normal; opacity: 0;
}
:is(h1, h2, h3, h4):hover .anchor, .anchor:focus { opacity: 1; }
blockquote { padding-left: 1rem; border-left: 3px solid var(--line); color: var(--quiet); }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.5rem 0; }
img { max-width: 100%; height: auto; }
code, pre { font-family: var(--mono); font-size: 0.85em; }
:not(pre) > code { background: var(--raised); padding: 0.12em 0.35em; border-radius: 4px; }
pre {
  background: var(--raised); border-radius: 6px; padding: 0.8rem 1rem; overflow: auto;
  font-size: 0.8rem; line-height: 1.5;
}
pre code { font-size: inherit; }
math { font-size: 1.05em; }
math[display='block'] { overflow-x: auto; overflow-y: hidden; padding: 0.2em 0; }

header.tools {
  display: flex; justify-content: flex-end; font-family: var(--sans); min-height: 2rem;
}
button {
  font: 0.8rem var(--sans); color: var(--text); background: var(--raised); cursor: pointer;
  border: 1px solid var(--line); border-radius: 6px; padding: 0.35rem 0.8rem;
}
button:hover { border-color: var(--quiet); }
nav.contents { font: 0.875rem/1.5 var(--sans); margin: 0 0 2rem; }
nav.contents summary { font-weight: 600; cursor: pointer; }
nav.contents ol { list-style: none; margin: 0.4rem 0 0; padding: 0; }
nav.contents li { padding: 0.15rem 0; }
nav.contents li.depth-3 { padding-left: 1rem; }
nav.contents a { color: var(--quiet); text-decoration: none; }
nav.contents a:hover { color: var(--link); text-decoration: underline; }
@media (min-width: 82rem) {
  nav.contents {
    position: fixed; top: 2.5rem; left: calc(50% + 27rem); width: 13rem;
    max-height: calc(100vh - 5rem); overflow: auto;
  }
}

details.code { margin: 0 0 1.1rem; }
details.code > summary {
  font: 0.8rem var(--sans); color: var(--quiet); cursor: pointer; width: max-content;
}
details.code > pre { margin: 0.4rem 0 0; }
.hljs-keyword, .hljs-literal, .hljs-meta { color: var(--keyword); }
.hljs-string, .hljs-regexp { color: var(--string); }
.hljs-number { color: var(--number); }
.hljs-comment { color: var(--quiet); font-style: italic; }
.hljs-title, .hljs-built_in, .hljs-type { color: var(--title); }

section > figure { text-align: center; }
section > figure > img, .plot { background: #fff; border-radius: 6px; }
.plot { position: relative; overflow: hidden; margin: 0 auto; }
.plot > img { display: block; margin: 0 auto; }
.plot > .canvas { position: absolute; inset: 0; visibility: hidden; }
.plot.drawn > .canvas { position: static; visibility: visible; }
.plot.drawn > :not(.canvas) { display: none; }
.frame { display: block; width: 100%; height: 10rem; border: 0; background: #fff; }
.stream { max-height: 24rem; }
.stream.stderr { border-left: 3px solid var(--line); }
.error {
  margin: 0 0 1.1rem; padding: 0.8rem 1rem; border-radius: 6px; font: 0.9rem/1.5 var(--sans);
  background: var(--wrong-ground); border-left: 3px solid var(--wrong);
}
.error p { margin: 0 0 0.3rem; }
.error strong, .error summary { color: var(--wrong); }
.error pre { background: none; padding: 0.4rem 0 0; margin: 0; }

.html { position: relative; overflow: auto; contain: paint; font-family: var(--sans); font-size: 0.9rem; }
table {
  border-collapse: collapse; font: 0.875rem/1.45 var(--sans); font-variant-numeric: tabular-nums;
}
caption { text-align: left; color: var(--quiet); padding-bottom: 0.4rem; }
th, td { padding: 0.4rem 0.9rem 0.4rem 0; text-align: left; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
[align='right'] { text-align: right; }
[align='center'] { text-align: center; }
td.number, th.number { text-align: right; padding: 0.4rem 0.9rem; }
.scroll { overflow-x: auto; }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1.2rem; }
.card {
  border: 1px solid var(--line); border-radius: 8px; overflow: hidden; color: inherit;
  text-decoration: none; font: 0.875rem/1.5 var(--sans); display: block;
}
.card:hover { border-color: var(--accent); }
.card img { display: block; width: 100%; height: 10rem; object-fit: contain; background: #fff; }
.card div { padding: 0.8rem 1rem; }
.card strong { display: block; }
.card span { color: var(--quiet); }

footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); }
footer, footer dl { font: 0.8rem/1.5 var(--sans); color: var(--quiet); }
footer dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1.2rem; margin: 0; }
footer dd { margin: 0; overflow-wrap: anywhere; }
@media print {
  body { font-size: 10.5pt; }
  .layout { max-width: none; padding: 0; }
  header.tools, nav.contents, .anchor, details.code:not([open]) { display: none; }
  figure, .error, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .stream { max-height: none; }
}
`;
