import type * as TypeScript from 'typescript';
import { earlierNames } from './earlier-names';

type Program = TypeScript.EmitAndSemanticDiagnosticsBuilderProgram;

/**
 * Makes the programs by which tslab compiles cells. It would take builders that note, for each file,
 * what it refers to, in order to check again only what a change has touched; that costs a third of the
 * time of a cell, and a cell is all that changes. These note nothing, and see to it that names of
 * earlier cells are found wherever they stand (see {@link earlierNames}).
 */
export function cellProgram(ts: typeof TypeScript): TypeScript.CreateProgram<Program> {
  return (...given) => {
    const builder = ts.createAbstractBuilder(...given);
    const program = builder.getProgram();
    // tslab looks up the names of a cell, which the type checker binds.
    const checker = program.getTypeChecker();

    const emit: Program['emit'] = (file, writeFile, token, onlyDeclarations, transformers) =>
      program.emit(file, writeFile, token, onlyDeclarations, {
        ...transformers,
        before: [earlierNames(ts, checker), ...(transformers?.before ?? [])],
      });
    const getAllDependencies = (file: TypeScript.SourceFile): string[] =>
      sourcesOf(checker, file).map(({ fileName }) => fileName);
    return Object.assign(Object.create(builder) as Program, { emit, getAllDependencies });
  };
}

/** The module names of a file's imports, in the compiler's own list. */
type Importing = TypeScript.SourceFile & { imports: readonly TypeScript.Expression[] };

/** A file and those that it imports, directly or not, without declarations: they are not compiled. */
function sourcesOf(
  checker: TypeScript.TypeChecker,
  cell: TypeScript.SourceFile,
): TypeScript.SourceFile[] {
  const found = new Set<TypeScript.SourceFile>();
  const visit = (file: TypeScript.SourceFile): void => {
    if (file.isDeclarationFile || found.has(file)) return;
    found.add(file);
    for (const name of (file as Importing).imports) {
      const module = checker.getSymbolAtLocation(name);
      module?.declarations?.forEach((declaration) => visit(declaration.getSourceFile()));
    }
  };
  visit(cell);
  return [...found];
}
