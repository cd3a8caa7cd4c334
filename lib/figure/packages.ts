/**
 * The one place that loads the ESM-only packages of this folder. The library compiles to CommonJS,
 * and Node (>= 20.19) can require them, but TypeScript's node16 mode rejects such an import.
 */
import { createRequire } from 'node:module';
import type * as PlotModule from '@observablehq/plot' with { 'resolution-mode': 'import' };
import type * as FastPngModule from 'fast-png' with { 'resolution-mode': 'import' };
import type * as LinkedomModule from 'linkedom' with { 'resolution-mode': 'import' };

const load = createRequire(__filename);

export type { Markish, PlotOptions } from '@observablehq/plot' with { 'resolution-mode': 'import' };

/** Observable Plot: draws SVG into any document. */
export const Plot = load('@observablehq/plot') as typeof PlotModule;

/** PNG coding in plain JavaScript. */
export const fastPng = load('fast-png') as typeof FastPngModule;

const linkedom = load('linkedom') as typeof LinkedomModule;

/** An empty document for Plot to create its elements in. */
export const blankDocument: Document = linkedom.parseHTML('<html></html>').document;
