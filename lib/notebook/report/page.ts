import { createHash } from 'node:crypto';
import { escapeMarkup } from '../../figure/escape';
import { PAGE_STYLE } from './page-style';

/** The parts of a self-contained page. */
export interface Page {
  title: string;
  /** HTML of the body; it must be safe already. */
  body: string;
  /** The page's own scripts, in order. */
  scripts: string[];
  /** The code of scripts inside the body's frames, which may run too. */
  frameScripts?: string[];
}

/**
 * One HTML file that needs nothing else. Its content security policy allows the given scripts, by
 * their hashes, and no others, and no connection at all: what a notebook's output might smuggle in
 * neither runs nor phones home.
 */
export function renderPage({ title, body, scripts, frameScripts = [] }: Page): string {
  const hashes = new Set([...scripts, ...frameScripts].map(contentHash));
  const policy = [
    "default-src 'none'",
    `script-src ${hashes.size === 0 ? "'none'" : [...hashes].join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeMarkup(title)}</title>
<link rel="icon" href="data:,">
<style>${PAGE_STYLE}</style>
</head>
<body>
${body}
${scripts.map((code) => `<script>${code}</script>`).join('\n')}
</body>
</html>
`;
}

function contentHash(code: string): string {
  return `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
}
