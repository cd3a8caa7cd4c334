import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseJson } from '../data/parse-json';
import { writeAtomically } from '../data/write-atomically';
import type { Cell, MimeBundle, Notebook, Output } from './notebook';

/** What identifies the kernel in a notebook's metadata. */
const KERNEL_METADATA = {
  kernelspec: { name: 'tslab', display_name: 'TypeScript (tslab)', language: 'typescript' },
  language_info: {
    name: 'typescript',
    file_extension: '.ts',
    mimetype: 'text/typescript',
    pygments_lexer: 'typescript',
    codemirror_mode: { name: 'javascript', mode: 'typescript', typescript: true },
  },
};

const metadata = z.record(z.string(), z.unknown());
const text = z.union([z.string(), z.array(z.string())]).transform(join);
const mimeBundle = z.record(z.string(), z.unknown()).transform(joinBundle);
const count = z.int().nonnegative().nullish().default(null);

const output = z.discriminatedUnion('output_type', [
  z.object({ output_type: z.literal('stream'), name: z.enum(['stdout', 'stderr']), text }),
  z.object({ output_type: z.literal('display_data'), data: mimeBundle, metadata }),
  z.object({
    output_type: z.literal('execute_result'),
    data: mimeBundle,
    metadata,
    execution_count: count,
  }),
  z.object({
    output_type: z.literal('error'),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

const attachments = z.record(z.string(), mimeBundle).optional();
const cellParts = { id: z.string().optional(), metadata, source: text };

const cell = z.discriminatedUnion('cell_type', [
  z.object({
    cell_type: z.literal('code'),
    ...cellParts,
    execution_count: count,
    outputs: z.array(output),
  }),
  z.object({ cell_type: z.literal('markdown'), ...cellParts, attachments }),
  z.object({ cell_type: z.literal('raw'), ...cellParts, attachments }),
]);

const notebook = z.object({
  nbformat: z.literal(4, { error: 'only notebooks of format 4 can be read' }),
  nbformat_minor: z.int().nonnegative(),
  metadata,
  cells: z.array(cell),
});

/**
 * Reads a notebook file (.ipynb, format 4.0 to 4.5).
 *
 * @throws Error that names the file, and the place in it where it is not a notebook
 */
export function readNotebook(path: string): Notebook {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`readNotebook: ${path}: ${(error as Error).message}`, { cause: error });
  }
  return parseNotebook(content, path);
}

/**
 * Reads a notebook from its JSON.
 *
 * @param name what errors call it
 * @throws Error that says where it is not a notebook
 */
export function parseNotebook(content: string, name = 'notebook'): Notebook {
  let json: unknown;
  try {
    json = parseJson(content);
  } catch (error) {
    throw new Error(`readNotebook: ${name}: not JSON: ${(error as Error).message}`);
  }
  const parsed = notebook.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new Error(`readNotebook: ${name}: ${place(path)}: ${message}`);
  }
  return parsed.data;
}

/**
 * Writes a notebook file of format 4.5: every cell with an id, the kernel named, text as lists of
 * lines and keys in order, as Jupyter writes them, so that files compare well.
 */
export function writeNotebook(path: string, notebook: Notebook): void {
  writeAtomically(path, formatNotebook(notebook));
}

/** The JSON of a notebook file, as {@link writeNotebook} writes it. */
export function formatNotebook(notebook: Notebook): string {
  const used = new Set<string>();
  const file = {
    cells: notebook.cells.map((cell) => formatCell(cell, used)),
    metadata: { ...notebook.metadata, ...KERNEL_METADATA },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(file, sortKeys, 1)}\n`;
}

/** Jupyter sorts keys too; in the same order a file does not change by being opened and saved. */
function sortKeys(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}

function formatCell(cell: Cell, used: Set<string>): Record<string, unknown> {
  const shared = { ...cell, id: uniqueId(cell.id, used), source: lines(cell.source) };
  return cell.cell_type === 'code'
    ? { ...shared, outputs: cell.outputs.map(formatOutput) }
    : shared;
}

function formatOutput(output: Output): Record<string, unknown> {
  switch (output.output_type) {
    case 'stream':
      return { ...output, text: lines(output.text) };
    case 'error':
      return { ...output };
    default:
      return { ...output, data: formatBundle(output.data) };
  }
}

/** Images stay in one piece: split base64 helps nobody. */
function formatBundle(data: MimeBundle): MimeBundle {
  const entries = Object.entries(data).map(([type, value]) => [
    type,
    type.startsWith('text/') && typeof value === 'string' ? lines(value) : value,
  ]);
  return Object.fromEntries(entries) as MimeBundle;
}

/** The cell's id where it is valid and not yet used, else a new one. */
function uniqueId(id: string | undefined, used: Set<string>): string {
  const valid = id !== undefined && /^[a-zA-Z0-9_-]{1,64}$/.test(id) && !used.has(id);
  const unique = valid ? id : randomBytes(4).toString('hex');
  used.add(unique);
  return unique;
}

/** Each line with its line break, as Jupyter writes text. */
function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function join(text: string | string[]): string {
  return typeof text === 'string' ? text : text.join('');
}

/** JSON types may hold lists that are data; of the others a list is a list of lines. */
function joinBundle(data: MimeBundle): MimeBundle {
  const entries = Object.entries(data).map(([type, value]) => [
    type,
    Array.isArray(value) && !/\bjson$/.test(type) ? value.join('') : value,
  ]);
  return Object.fromEntries(entries) as MimeBundle;
}

/** cells[3].outputs[0].name */
function place(path: PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return text.join('').replace(/^\./, '') || 'the file';
}
