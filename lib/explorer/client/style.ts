import { darkInk, darkRoleColors, ink, roleColors } from '../../figure/palette';

/** The style of an explorer. Within JupyterLab its colours and font are taken. */
export const STYLE = `
:host {
  --text: var(--jp-ui-font-color1, ${ink.text}); --quiet: var(--jp-ui-font-color2, ${ink.muted});
  --ground: var(--jp-layout-color0, ${ink.ground}); --line: #d8dee4; --raised: #f3f5f7;
  --accent: #0757ba; --right: ${roleColors.right}; --wrong: ${roleColors.wrong};
  display: block; container-type: inline-size; max-width: 960px; box-sizing: border-box;
  font: 13px/1.45 system-ui, -apple-system, 'Segoe UI', sans-serif; text-align: left;
  color: var(--text); background: var(--ground); color-scheme: light;
}
:host([data-theme='dark']) {
  --text: var(--jp-ui-font-color1, ${darkInk.text}); --quiet: var(--jp-ui-font-color2, ${darkInk.muted});
  --ground: var(--jp-layout-color0, ${darkInk.ground}); --line: #343a41; --raised: #22272d;
  --accent: #78b0f5; --right: ${darkRoleColors.right}; --wrong: ${darkRoleColors.wrong};
  color-scheme: dark;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.frame { padding: 16px; }
h2, h3, p, dl, ol { margin: 0; padding: 0; }
.quiet, .caption, .count { color: var(--quiet); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button, input { font: inherit; color: inherit; }
button { cursor: pointer; background: none; border: 0; padding: 0; }
svg { display: block; width: 16px; height: 16px; fill: currentColor; }
.dot {
  flex: none; width: 9px; height: 9px; border-radius: 50%; background: var(--class);
  border: 1.5px solid var(--class);
}
.thumbnail { display: block; flex: none; border-radius: 3px; }

header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; margin-bottom: 10px; }
h2 { flex: 1 1 auto; font-size: 15px; line-height: 1.3; font-weight: 650; overflow-wrap: anywhere; }
.switch { display: flex; padding: 2px; border-radius: 7px; background: var(--raised); }
.switch input { position: absolute; opacity: 0; pointer-events: none; }
.switch span { display: block; padding: 3px 12px; border-radius: 5px; color: var(--quiet); cursor: pointer; }
.switch :checked + span {
  color: var(--text); background: var(--ground); box-shadow: 0 0 0 1px var(--line);
}
.switch :focus-visible + span { outline: 2px solid var(--accent); outline-offset: 1px; }

.tools { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; margin-bottom: 10px; }
.legend { flex: 1 1 260px; display: flex; flex-wrap: wrap; gap: 4px; }
.chip {
  display: inline-flex; align-items: center; gap: 6px; max-width: 100%; padding: 2px 9px 2px 7px;
  border: 1px solid var(--line); border-radius: 999px; line-height: 18px;
}
.chip:hover { border-color: var(--quiet); }
.chip .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.chip[aria-pressed='false'] { color: var(--quiet); border-style: dashed; }
.chip[aria-pressed='false'] .dot { background: transparent; }
.chip.all { border-color: transparent; color: var(--accent); padding: 2px 7px; }
.errors { display: flex; align-items: center; gap: 6px; cursor: pointer; white-space: nowrap; }
.errors input { width: 14px; height: 14px; margin: 0; accent-color: var(--accent); }
.find { position: relative; }
.search {
  width: 104px; height: 26px; padding: 0 8px; border: 1px solid var(--line); border-radius: 6px;
  background: var(--ground);
}
.search::placeholder { color: var(--quiet); opacity: 1; }
.search[aria-invalid='true'] { border-color: var(--wrong); }
.problem { position: absolute; top: 100%; right: 0; font-size: 11px; color: var(--wrong); white-space: nowrap; }

.body { display: grid; grid-template-columns: minmax(0, 1fr) 228px; gap: 16px; }
.main { min-width: 0; }
.stage {
  position: relative; overflow: hidden; border: 1px solid var(--line); border-radius: 8px;
  height: min(560px, max(320px, 64cqw));
}
.plot { display: block; width: 100%; height: 100%; cursor: grab; outline-offset: -2px; border-radius: 8px; }
.plot:active { cursor: grabbing; }
.zoom {
  position: absolute; right: 8px; top: 8px; display: flex; flex-direction: column;
  border: 1px solid var(--line); border-radius: 6px; background: var(--ground);
}
.icon { display: grid; place-items: center; width: 26px; height: 26px; color: var(--quiet); border-radius: 5px; }
.icon:hover { color: var(--text); background: var(--raised); }
.tooltip {
  position: absolute; left: 0; top: 0; display: flex; gap: 8px; padding: 6px; max-width: 220px;
  pointer-events: none; background: var(--ground); border: 1px solid var(--line); border-radius: 6px;
  box-shadow: 0 2px 10px rgb(0 0 0 / 0.14); font-size: 12px;
}
.facts { display: flex; flex-direction: column; gap: 1px; min-width: 0; padding-right: 2px; }
.class { display: flex; align-items: center; gap: 6px; min-width: 0; overflow-wrap: anywhere; }
.verdict { display: block; }
.verdict.right { color: var(--right); }
.verdict.wrong { color: var(--wrong); }
.verdict.right::before { content: '✓ '; }
.verdict.wrong::before { content: '✗ '; }

.panel { min-width: 0; outline: 0; }
.panel > * + * { margin-top: 14px; }
.summary { display: grid; grid-template-columns: 1fr auto; gap: 4px 12px; }
.summary dt { color: var(--quiet); }
.summary dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
.details { display: flex; gap: 10px; }
.details .thumbnail { outline: 1px solid var(--line); outline-offset: -1px; }
.details .facts { flex: 1; gap: 2px; }
.details strong { font-weight: 650; }
.details .icon { margin: -4px -4px 0 0; flex: none; }
h3 { font-size: 12px; font-weight: 650; margin-bottom: 8px; }
h3 .count { display: block; font-weight: 400; }
.neighbours { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(42px, 1fr)); gap: 8px 4px; }
.neighbours button { position: relative; display: block; margin: 0 auto; border-radius: 5px; }
.neighbours .thumbnail { border-radius: 4px; outline: 2px solid var(--right); outline-offset: -1px; }
.neighbours .other .thumbnail { outline-color: var(--wrong); outline-style: dashed; }
.neighbours button:hover .thumbnail { outline-width: 3px; }
.distance {
  display: block; margin-top: 2px; font-size: 11px; line-height: 14px; color: var(--quiet);
  font-variant-numeric: tabular-nums;
}
.badge {
  position: absolute; right: -4px; top: -4px; display: grid; place-items: center; width: 14px;
  height: 14px; border-radius: 50%; color: var(--ground); background: var(--wrong);
}
.badge svg { width: 10px; height: 10px; }

.timeline { display: flex; align-items: center; gap: 10px; margin-top: 10px; }
.timeline .icon { flex: none; border: 1px solid var(--line); border-radius: 6px; }
.timeline input { flex: 1; min-width: 0; margin: 0; accent-color: var(--accent); }
.time { flex: none; min-width: 96px; text-align: right; font-variant-numeric: tabular-nums; }
.caption { margin-top: 10px; font-size: 11px; }
.unseen {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
@container (max-width: 619px) {
  .body { grid-template-columns: minmax(0, 1fr); }
  .stage { height: min(460px, max(280px, 92cqw)); }
  .legend { flex-basis: 100%; }
  .switch { flex: 1 1 100%; }
  .switch label { flex: 1; text-align: center; }
  .find { margin-left: auto; }
}
@container (max-width: 420px) {
  .frame { padding: 12px; }
}
`;
