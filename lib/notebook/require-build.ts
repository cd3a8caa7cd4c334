import { existsSync } from 'node:fs';
import { projectPath } from '../data/project';

/**
 * For tests that run the kernel, which runs the compiled library.
 *
 * @throws Error when the library is not built
 */
export function requireBuild(): void {
  const launcher = projectPath('lib', 'dist', 'notebook', 'kernel', 'launcher.js');
  if (!existsSync(launcher)) {
    throw new Error(`${launcher} is missing: build the library first (npm run build)`);
  }
}
