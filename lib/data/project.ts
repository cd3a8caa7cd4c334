import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The project's folder: the nearest one above this file that holds `notebooks` and `lib`. Paths
 * hang on it rather than on the working directory, which in a notebook is the notebook's folder.
 *
 * @throws Error when the library stands outside such a folder
 */
export function projectRoot(): string {
  let folder = __dirname;
  while (
    !(existsSync(join(folder, 'notebooks')) && existsSync(join(folder, 'lib', 'package.json')))
  ) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Error(`projectRoot: no folder above ${__dirname} holds notebooks/ and lib/`);
    }
    folder = parent;
  }
  return folder;
}

/** A path inside the project: projectPath('results', 'runs'). */
export function projectPath(...parts: string[]): string {
  return join(projectRoot(), ...parts);
}
