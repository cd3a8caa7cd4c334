import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/**
 * What the doc comments of the public surface lack, as far as a program can tell: completion and
 * Shift-Tab in a notebook show them, and there is no other reference.
 */
const ENTRY = join(__dirname, 'index.ts');

const program = ts.createProgram([ENTRY], {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  skipLibCheck: true,
});
const checker = program.getTypeChecker();
const exported = checker
  .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(ENTRY)!)!)
  .map((symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
  );

function commentOf(symbol: ts.Symbol): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
}

/** The texts of the tags of one name. */
function tagsOf(symbol: ts.Symbol, name: string): string[] {
  return symbol
    .getJsDocTags(checker)
    .filter((tag) => tag.name === name)
    .map((tag) => ts.displayPartsToString(tag.text).trim());
}

const functions = exported.flatMap((symbol) =>
  (symbol.declarations ?? [])
    .filter(ts.isFunctionDeclaration)
    .map((declaration) => ({ symbol, declaration })),
);

const members = exported.flatMap((symbol) =>
  (symbol.declarations ?? [])
    .filter(ts.isInterfaceDeclaration)
    .flatMap((declaration) => [...declaration.members])
    .filter((member) => member.name !== undefined)
    .map((member) => ({
      name: `${symbol.name}.${member.name!.getText()}`,
      isOption: /Options$/.test(symbol.name) && member.questionToken !== undefined,
      comment: commentOf(checker.getSymbolAtLocation(member.name!)!),
    })),
);

/** Whether a function throws by itself, and not only what it calls. */
function throws(declaration: ts.FunctionDeclaration): boolean {
  let found = false;
  function visit(node: ts.Node): void {
    if (ts.isThrowStatement(node)) found = true;
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  }
  if (declaration.body) ts.forEachChild(declaration.body, visit);
  return found;
}

describe('the doc comments of the public surface', () => {
  it('are on everything that is exported', () => {
    expect(exported.length).toBeGreaterThan(200);
    expect(exported.filter((symbol) => commentOf(symbol) === '').map(({ name }) => name)).toEqual(
      [],
    );
  });

  it('are on every member of an exported interface', () => {
    expect(members.length).toBeGreaterThan(200);
    expect(members.filter(({ comment }) => comment === '').map(({ name }) => name)).toEqual([]);
  });

  it('say of an option what holds without it', () => {
    const aside = /\.(?:signal|onProgress|onEvent)$/;
    const silent = members.filter(
      ({ name, isOption, comment }) =>
        isOption && !aside.test(name) && !/default|without it/i.test(comment),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('say which errors a function throws', () => {
    const silent = functions.filter(
      ({ symbol, declaration }) => throws(declaration) && tagsOf(symbol, 'throws').length === 0,
    );
    expect(silent.map(({ symbol }) => symbol.name)).toEqual([]);
  });

  it('name parameters that there are', () => {
    const wrong = functions.flatMap(({ symbol, declaration }) => {
      const names = declaration.parameters.map(({ name }) => name.getText());
      // What is taken apart has no name of its own.
      const isOpen = names.some((name) => name.startsWith('{') || name.startsWith('['));
      return tagsOf(symbol, 'param')
        .map((text) => text.split(/\s/)[0])
        .filter((name) => !isOpen && !names.includes(name))
        .map((name) => `${symbol.name}(${name})`);
    });
    expect(wrong).toEqual([]);
  });
});
