import type * as TypeScript from 'typescript';
import type { QuickInfo, Tslab } from './tslab';

/** What an `inspect_request` asks: a cell, and a place in it. */
export interface InspectRequest {
  code: string;
  cursor_pos: number;
}

/**
 * Answers an `inspect_request`, as Shift-Tab sends it: type and doc comment of the name at the cursor
 * or, where there is none, of the function whose arguments are being written there. tslab's own answer
 * knows only the first, and leaves out the names of tags such as `@throws`.
 *
 * @param inspect asks the compiler about one place
 */
export function inspection(
  { typescript }: Pick<Tslab, 'typescript'>,
  inspect: (code: string, position: number) => QuickInfo | undefined,
  { code, cursor_pos: cursor }: InspectRequest,
): Record<string, unknown> {
  for (const place of [cursor, ...calleesAround(typescript, code, cursor)]) {
    const info = inspect(code, place);
    if (info) return { found: true, data: { 'text/plain': textOf(info) }, metadata: {} };
  }
  return { found: false, data: {}, metadata: {} };
}

/** Where the names of the functions end in whose arguments the cursor stands, innermost first. */
function calleesAround(ts: typeof TypeScript, code: string, cursor: number): number[] {
  const callees: number[] = [];
  // A call that is not closed yet ends before the space behind it.
  const place = code.slice(0, cursor).trimEnd().length;
  const visit = (node: TypeScript.Node): void => {
    if (node.pos > place || node.end < place) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const { end } = node.expression;
      const isBehind = node.end === place && code[place - 1] === ')';
      if (end < place && !isBehind) callees.unshift(end);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ES2022));
  return callees;
}

function textOf({ displayParts, documentation, tags = [] }: QuickInfo): string {
  const paragraphs = [
    joined(displayParts),
    joined(documentation),
    tags.map(({ name, text }) => `@${name} ${joined(text)}`.trimEnd()).join('\n'),
  ];
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}

function joined(parts: { text: string }[] = []): string {
  return parts.map(({ text }) => text).join('');
}
