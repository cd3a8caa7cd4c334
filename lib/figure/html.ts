import { escapeMarkup } from './escape';
import { padding } from './frame';
import { ink } from './palette';
import { textSize } from './text';

/** CSS declarations as the value of a style attribute, escaped. */
export function inlineStyle(declarations: Record<string, string>): string {
  return escapeMarkup(
    Object.entries(declarations)
      .map(([property, value]) => `${property}:${value}`)
      .join(';'),
  );
}

/** An HTML figure on a white ground, as wide as its frame: title, `body` (HTML), caption. */
export function figureHtml(
  { title, caption, frame }: { title: string; caption: string; frame: { width: number } },
  body: string,
): string {
  const style = inlineStyle({
    'box-sizing': 'border-box',
    'max-width': '100%',
    'overflow-x': 'auto',
    width: `${frame.width}px`,
    margin: '0',
    padding: `${padding}px`,
    color: ink.text,
    background: ink.ground,
    font: `${textSize.body}px/1.4 system-ui,sans-serif`,
  });
  const titleStyle = `font-size:${textSize.title}px;font-weight:bold;margin:0 0 8px`;
  const captionStyle = `font-size:${textSize.small}px;color:${ink.muted};margin:8px 0 0`;
  return (
    `<figure style="${style}">` +
    (title ? `<div style="${titleStyle}">${escapeMarkup(title)}</div>` : '') +
    body +
    (caption ? `<figcaption style="${captionStyle}">${escapeMarkup(caption)}</figcaption>` : '') +
    `</figure>`
  );
}
