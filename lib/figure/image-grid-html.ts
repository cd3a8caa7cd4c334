import { escapeMarkup } from './escape';
import { figureHtml, inlineStyle } from './html';
import type { Cell, Grid } from './image-grid-layout';
import { textSize } from './text';

/** The interactive form of an image grid: HTML. */
export function gridHtml(grid: Grid): string {
  const { sprite, width, height, cells } = grid;
  const picture =
    `<img src="${sprite}" width="${width}" height="${height}" alt="" ` +
    `style="display:block;max-width:none;margin:0;image-rendering:pixelated">`;
  const box = `position:relative;width:${width}px;height:${height}px`;
  const spans = cells.map((cell) => cellHtml(cell, grid));
  return figureHtml(grid, `<div style="${box}">${picture}${spans.join('')}</div>`);
}

/** What lies over one image: its frame, the text it shows on hovering, and its caption. */
function cellHtml({ x, y, caption, hover, frame }: Cell, grid: Grid): string {
  const style = inlineStyle({
    position: 'absolute',
    left: `${x}px`,
    top: `${y}px`,
    width: `${grid.cellWidth}px`,
    height: `${grid.cellHeight}px`,
    ...(frame ? { outline: `2px solid ${frame}` } : {}),
  });
  const captionStyle = inlineStyle({
    position: 'absolute',
    top: 'calc(100% + 1px)',
    left: '-8px',
    right: '-8px',
    'text-align': 'center',
    'white-space': 'nowrap',
    font: `${textSize.small}px/14px system-ui,sans-serif`,
  });
  const word = caption ? `<span style="${captionStyle}">${escapeMarkup(caption)}</span>` : '';
  return `<span title="${escapeMarkup(hover)}" style="${style}">${word}</span>`;
}
