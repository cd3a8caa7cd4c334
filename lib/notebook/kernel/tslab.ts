import { createRequire } from 'node:module';
import type * as TypeScript from 'typescript';
import { cellProgram } from './cell-program';

/** A place in a cell's source, counted from 0. */
export interface SourcePosition {
  offset: number;
  line: number;
  character: number;
}

/** What the type checker has against a cell. */
export interface Diagnostic {
  start: SourcePosition;
  end: SourcePosition;
  messageText: string;
  code: number;
  fileName?: string;
}

/** tslab's compiler of cells; `convert` sees the declarations of the cells before. */
export interface Converter {
  convert(
    previousDeclarations: string,
    source: string,
  ): {
    diagnostics: Diagnostic[];
    /** The declarations of the cell and of those before; only where there are no diagnostics. */
    declOutput?: string;
  };
  close(): void;
}

/** What the compiler says of a name; the text comes in pieces. */
export type QuickInfo = Pick<TypeScript.QuickInfo, 'displayParts' | 'documentation' | 'tags'>;

/** Runs cells; `execute` resolves to false after it has told its console why a cell failed. */
export interface Executor {
  execute(source: string): Promise<boolean>;
  /** What stands at a place of a cell, which sees the cells before; undefined: nothing. */
  inspect(source: string, position: number): QuickInfo | undefined;
  interrupt(): void;
  close(): void;
}

/** What tslab answers to the requests that run no code. */
export interface RequestHandler {
  handleKernel(): Record<string, unknown> & { language_info: Record<string, unknown> };
  handleIsComplete(request: unknown): Record<string, unknown>;
  handleComplete(request: unknown): Record<string, unknown>;
}

/** A MIME bundle as `display_data` carries it. */
export interface DisplayData {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient?: { display_id?: string };
}

export type WriteDisplayData = (data: DisplayData, update: boolean) => void;

/** The members of tslab's own modules that the kernel stands on. */
export interface Tslab {
  version: string;
  /** Its compiler. */
  typescript: typeof TypeScript;
  createConverter: (options: { isJS: boolean; isBrowser: boolean }) => Converter;
  createExecutor: (
    rootDirectory: string,
    converters: { node: Converter; browser: Converter; close(): void },
    console: { log(...values: unknown[]): void; error(...values: unknown[]): void },
  ) => Executor;
  /** Reads the `@module` and `@browser` tags at the head of a cell. */
  getCodeMetadata: (source: string) => { module?: string; mode?: string };
  JupyterHandlerImpl: new (executor: Executor, isJavaScript: boolean) => RequestHandler;
  /** The module whose `lastWriteDisplayData` the display API, tslab's and ours, sends through. */
  jupyter: { lastWriteDisplayData: WriteDisplayData | null };
}

const TYPESCRIPT = '@tslab/typescript-for-tslab';

/** The member of the compiler that is replaced, as tslab calls it. */
type WatchCompilerHost = (
  files: string[],
  options: TypeScript.CompilerOptions,
  system: TypeScript.System,
  programs: null,
  ...reporters: [TypeScript.DiagnosticReporter, TypeScript.WatchStatusReporter]
) => unknown;

let loaded: Tslab | undefined;

/**
 * Loads tslab's modules with three changes: cells are checked under TypeScript's `strict`; names of
 * earlier cells are found wherever they stand, by a program of less work (see {@link cellProgram}); and
 * of the declarations of packages only those of Node and of this library are there from the start,
 * which reads them once, and not a second time for the first cell that imports the library. tslab fixes
 * its compiler options in code and offers no way to set them, so the compiler it is about to load is
 * replaced in the module cache by one that adds to them. Call it before anything else loads tslab.
 *
 * tslab promises none of these members: its version is pinned exactly, and tslab.test.ts fails
 * where one has moved.
 */
export function loadTslab(): Tslab {
  return (loaded ??= load());
}

function load(): Tslab {
  const require = createRequire(createRequire(__filename).resolve('tslab/package.json'));
  const compiler = require(TYPESCRIPT) as typeof TypeScript;
  const entry = require.cache[require.resolve(TYPESCRIPT)]!;
  const createWatchCompilerHost: WatchCompilerHost = (files, options, system, _, ...reporters) => {
    const cells = { ...options, strict: true, types: ['node', 'tripletlab'] };
    return compiler.createWatchCompilerHost(
      files,
      cells,
      system,
      cellProgram(compiler),
      ...reporters,
    );
  };
  entry.exports = { ...compiler, createWatchCompilerHost };
  const jupyter = require('./dist/jupyter.js') as Pick<Tslab, 'JupyterHandlerImpl'> &
    Tslab['jupyter'];
  return {
    version: (require('./package.json') as { version: string }).version,
    typescript: compiler,
    createConverter: (require('./dist/converter.js') as Tslab).createConverter,
    createExecutor: (require('./dist/executor.js') as Tslab).createExecutor,
    getCodeMetadata: (require('./dist/metadata.js') as Tslab).getCodeMetadata,
    JupyterHandlerImpl: jupyter.JupyterHandlerImpl,
    jupyter,
  };
}
