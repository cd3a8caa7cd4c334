import { createHash } from 'node:crypto';
import { escapeMarkup } from '../figure/escape';
import type { Figure } from '../figure/figure';
import { scriptJson } from '../figure/script-text';
import { base64 } from './base64';
import { clientScript } from './client-script';
import type { Payload } from './payload';
import { preview } from './preview';

/**
 * The explorer as HTML: a picture, and the script that puts the explorer in its place. The id of the
 * two is a hash of the data; several explorers stand on one page, also of the same data.
 *
 * @param picture a scatter, which readers without scripts see
 */
export function explorerHtml(payload: Payload, description: string, picture: Figure): string {
  const data = scriptJson(payload);
  const id = createHash('sha256').update(data).digest('hex').slice(0, 16);
  const alt = escapeMarkup(description);
  const source = `data:image/png;base64,${base64(preview(picture))}`;
  // JupyterLab must not take what is typed into the explorer for its own shortcuts.
  return `<div data-explorer="explorer-${id}" data-lm-suppress-shortcuts="true" data-p-suppress-shortcuts="true"
  role="group" aria-label="${alt}">
<img alt="${alt}" width="${picture.width}" height="${picture.height}" src="${source}"
  style="max-width:100%;height:auto">
</div>
<script>${before()}${id}", ${data}${AFTER}</script>
`;
}

/** What the script of every explorer begins with: the code, and the call that its data goes to. */
function before(): string {
  return `\n${clientScript()}("explorer-`;
}

const AFTER = ');\n';

/**
 * Whether a script is that of an explorer as this version of the library writes it: its code, and data
 * that is nothing but JSON.
 */
export function isExplorerScript(code: string): boolean {
  if (!code.startsWith(before()) || !code.endsWith(AFTER)) return false;
  const [, data] = /^[0-9a-f]{16}", (.*)$/s.exec(code.slice(before().length, -AFTER.length)) ?? [];
  try {
    return data !== undefined && typeof JSON.parse(data) === 'object';
  } catch {
    return false;
  }
}
