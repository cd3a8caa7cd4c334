import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as TypeScript from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';

const declarations = join(__dirname, 'dist', 'index.d.ts');

/** The compiler inside tslab, which is older than the one that builds the library. */
const typescript = createRequire(require.resolve('tslab'))(
  '@tslab/typescript-for-tslab',
) as typeof TypeScript;

/** What a notebook reads that imports the library. */
function publicProgram(): TypeScript.Program {
  return typescript.createProgram([declarations], {
    target: typescript.ScriptTarget.ES2022,
    module: typescript.ModuleKind.CommonJS,
    moduleResolution: typescript.ModuleResolutionKind.Node10,
    esModuleInterop: true,
    skipLibCheck: true,
    strict: true,
  });
}

/** Every place of the public surface whose type is any, as 'name.member'. */
function anyTypes(program: TypeScript.Program): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(declarations);
  const module = source && checker.getSymbolAtLocation(source);
  if (!source || !module) throw new Error(`${declarations} exports nothing`);
  const found: string[] = [];
  const ours = (symbol: TypeScript.Symbol): boolean =>
    (symbol.declarations ?? []).some((d) => d.getSourceFile().fileName.includes('/lib/dist/'));
  // A declaration file gives private members no type.
  const visible = (symbol: TypeScript.Symbol): boolean =>
    (symbol.declarations ?? []).every(
      (d) => !(typescript.getCombinedModifierFlags(d) & typescript.ModifierFlags.Private),
    );
  const seen = new Set<TypeScript.Type>();
  function visit(type: TypeScript.Type, name: string): void {
    if (type.flags & typescript.TypeFlags.Any) {
      found.push(name);
      return;
    }
    if (seen.has(type)) return;
    seen.add(type);
    for (const argument of checker.getTypeArguments(type as TypeScript.TypeReference)) {
      visit(argument, `${name}<>`);
    }
    if (type.isUnionOrIntersection()) type.types.forEach((part) => visit(part, name));
    for (const signature of type.getCallSignatures()) {
      visit(signature.getReturnType(), `${name}()`);
      for (const parameter of signature.parameters) {
        visit(checker.getTypeOfSymbolAtLocation(parameter, source!), `${name}(${parameter.name})`);
      }
    }
    for (const property of type.getProperties().filter(ours).filter(visible)) {
      visit(checker.getTypeOfSymbolAtLocation(property, source!), `${name}.${property.name}`);
    }
  }
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol =
      exported.flags & typescript.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if (symbol.flags & typescript.SymbolFlags.Value) {
      visit(checker.getTypeOfSymbolAtLocation(symbol, source), exported.name);
    }
    if (symbol.flags & typescript.SymbolFlags.Type) {
      visit(checker.getDeclaredTypeOfSymbol(symbol), exported.name);
    }
  }
  return found;
}

describe.runIf(existsSync(declarations))('the public surface', () => {
  let program: TypeScript.Program;
  beforeAll(() => (program = publicProgram()));

  it('is read by the TypeScript of tslab', () => {
    expect(typescript.version).toBe('5.0.4');
  });

  it('has no type that is any there', () => {
    expect(anyTypes(program)).toEqual([]);
  });

  it('leaves databases out of what a notebook reads before its first cell', () => {
    const files = program.getSourceFiles();
    const packages = files.map(({ fileName }) => /node_modules\/(.*?\/)/.exec(fileName)?.[1]);
    expect(packages).toContain('@tensorflow/');
    expect(packages).not.toContain('ioredis/');
    expect(packages).not.toContain('@duckdb/');
  });
});

it('is built before it is tested', () => {
  expect(existsSync(declarations), 'run `npm run build` first').toBe(true);
});
