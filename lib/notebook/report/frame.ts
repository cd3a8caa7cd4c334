import { escapeMarkup } from '../../figure/escape';

/**
 * Tells the page how high the frame's content is: the page cannot look into the frame, which is an
 * origin of its own.
 */
const TELL_HEIGHT = `
new ResizeObserver(function () {
  parent.postMessage({ frameHeight: document.documentElement.offsetHeight }, '*');
}).observe(document.documentElement);
`;

const FRAME_STYLE =
  'html{background:#fff;color:#222}body{margin:0;font-family:system-ui,sans-serif}';

const SCRIPT = /<script\b[^>]*>([\s\S]*?)<\/script\s*>/gi;

/** The code of the scripts in HTML, as a browser reads it. */
export function scriptsOf(html: string): string[] {
  return Array.from(withLineFeeds(html).matchAll(SCRIPT), ([, code]) => code);
}

function withLineFeeds(html: string): string {
  return html.replace(/\r\n?/g, '\n');
}

/**
 * HTML that runs scripts, in a frame that keeps it from the page around it: another origin, no
 * navigation of the page, no forms, no windows. The page's content security policy holds inside too,
 * so nothing is loaded, and of scripts only those run whose code is added to `scripts`: those that
 * `mayRun` says yes to.
 *
 * @param height in CSS pixels, until the content tells its own; default: that of the page's style
 */
export function renderFrame(
  html: string,
  title: string,
  scripts: string[],
  mayRun: (code: string) => boolean,
  height?: number,
): string {
  // The policy would keep the others from running, and complain of each.
  const content = withLineFeeds(html).replace(SCRIPT, (element, code: string) =>
    mayRun(code) ? element : '',
  );
  scripts.push(...scriptsOf(content), TELL_HEIGHT);
  const page =
    `<!doctype html><meta charset="utf-8"><style>${FRAME_STYLE}</style>` +
    `<script>${TELL_HEIGHT}</script>${content}`;
  const style = height === undefined ? '' : ` style="height:${height}px"`;
  return (
    `<iframe class="frame" sandbox="allow-scripts" title="${escapeMarkup(title)}"${style} ` +
    `srcdoc="${escapeMarkup(page)}"></iframe>\n`
  );
}
