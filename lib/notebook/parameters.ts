import { createRequire } from 'node:module';
import type * as TypeScript from 'typescript';
import { hasTag, type CodeCell, type Notebook } from './notebook';

/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** The values of a notebook's parameters by name. */
export type Parameters = Record<string, Json>;

const TAG = 'parameters';

/**
 * A notebook's parameters and their defaults, or undefined where it has none. They stand in the one
 * cell tagged `parameters`, as the variable of that name:
 *
 *     const parameters = { preset: 'quick', seed: 1, overrides: {} };
 *
 * @throws Error when the tagged cell has no such variable, or its value is not plain data
 */
export function notebookParameters(notebook: Notebook): Parameters | undefined {
  const cell = parametersCell(notebook);
  return cell && findLiteral(cell.source).value;
}

/**
 * A copy of a notebook whose parameters have new values; those not named keep their defaults. Only
 * the value of the variable changes: comments, a type annotation and what else the cell holds stay.
 *
 * @throws Error when the notebook has no parameters, or none of that name and type
 */
export function withParameters(notebook: Notebook, values: Parameters): Notebook {
  const cell = parametersCell(notebook);
  if (cell === undefined) {
    throw new Error(`withParameters: no code cell is tagged '${TAG}'`);
  }
  const { start, end, value: defaults } = findLiteral(cell.source);
  for (const [name, value] of Object.entries(values)) {
    checkParameter(name, value, defaults);
  }
  const literal = JSON.stringify({ ...defaults, ...values }, null, 2);
  const source = cell.source.slice(0, start) + literal + cell.source.slice(end);
  const replaced: CodeCell = { ...cell, source };
  return { ...notebook, cells: notebook.cells.map((other) => (other === cell ? replaced : other)) };
}

function parametersCell(notebook: Notebook): CodeCell | undefined {
  const cells = notebook.cells.filter(
    (cell): cell is CodeCell => cell.cell_type === 'code' && hasTag(cell, TAG),
  );
  if (cells.length > 1) {
    throw new Error(`parameters: ${cells.length} cells are tagged '${TAG}', at most one may be`);
  }
  return cells[0];
}

function checkParameter(name: string, value: Json, defaults: Parameters): void {
  if (!Object.hasOwn(defaults, name)) {
    const allowed = Object.keys(defaults).join(', ');
    throw new Error(`withParameters: unknown parameter '${name}'; the notebook has ${allowed}`);
  }
  const wanted = kindOf(defaults[name]);
  if (wanted !== 'null' && kindOf(value) !== wanted) {
    const shown = JSON.stringify(value);
    throw new Error(`withParameters: ${name} must be of type ${wanted}, got ${shown}`);
  }
}

function kindOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
}

interface Literal {
  /** Where the literal stands in the source. */
  start: number;
  end: number;
  value: Parameters;
}

/** Finds the object literal that the variable `parameters` is set to. */
function findLiteral(source: string): Literal {
  const ts = loadTypeScript();
  const file = ts.createSourceFile('parameters.ts', source, ts.ScriptTarget.ES2022, true);
  const declarations = file.statements
    .filter(ts.isVariableStatement)
    .flatMap((statement) => [...statement.declarationList.declarations]);
  const variable = declarations.find(({ name }) => name.getText() === TAG);
  let literal = variable?.initializer;
  while (literal && (ts.isAsExpression(literal) || ts.isSatisfiesExpression(literal))) {
    literal = literal.expression;
  }
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) {
    throw new Error(
      `parameters: the cell tagged '${TAG}' must hold a statement such as ` +
        `const ${TAG} = { seed: 1 };`,
    );
  }
  const value = evaluate(ts, literal) as Parameters;
  return { start: literal.getStart(), end: literal.getEnd(), value };
}

/** The value of an expression that is plain data. */
function evaluate(ts: typeof TypeScript, node: TypeScript.Expression): Json {
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  if (ts.isNumericLiteral(node)) {
    return Number(node.text);
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const value = evaluate(ts, node.operand);
    if (typeof value === 'number') {
      return -value;
    }
  }
  if (ts.isArrayLiteralExpression(node)) {
    return node.elements.map((element) => evaluate(ts, element));
  }
  if (ts.isObjectLiteralExpression(node)) {
    return Object.fromEntries(node.properties.map((property) => entry(ts, property)));
  }
  const words: Record<string, Json> = { true: true, false: false, null: null };
  const word = node.getText();
  if (Object.hasOwn(words, word)) {
    return words[word];
  }
  throw new Error(`parameters: '${word}' is not plain data (strings, numbers, lists, objects)`);
}

function entry(ts: typeof TypeScript, node: TypeScript.ObjectLiteralElementLike): [string, Json] {
  const named = ts.isPropertyAssignment(node);
  if (named && (ts.isIdentifier(node.name) || ts.isStringLiteralLike(node.name))) {
    return [node.name.text, evaluate(ts, node.initializer)];
  }
  throw new Error(`parameters: '${node.getText()}' is not of the form name: value`);
}

/** The compiler that tslab brings along: the one that will read the cell. */
function loadTypeScript(): typeof TypeScript {
  const require = createRequire(createRequire(__filename).resolve('tslab/package.json'));
  return require('@tslab/typescript-for-tslab') as typeof TypeScript;
}
