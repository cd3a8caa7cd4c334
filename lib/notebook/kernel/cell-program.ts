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
    // Of the dependencies of a cell tslab wants those that it has to compile: not declarations.
    const getAllDependencies = (): string[] =>
      program
        .getSourceFiles()
        .filter((file) => !file.isDeclarationFile)
        .map((file) => file.fileName);
    return Object.assign(Object.create(builder) as Program, { emit, getAllDependencies });
  };
}
