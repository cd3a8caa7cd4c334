import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { projectPath } from '../data/project';
import { scriptSource } from '../figure/script-text';

/** The module whose `start(id, payload)` begins an explorer; paths are those in lib/dist. */
const ENTRY = 'explorer/client/main';

/** One compiled module, as CommonJS, and the modules that it requires. */
interface ClientModule {
  code: string;
  requires: string[];
}

let linked: string | undefined;

/**
 * The explorer's code for the browser: an expression whose value is the function
 * `start(id, payload)`. The sources in client/ are ordinary modules. What the compiler made of them,
 * and of the modules that they import, is wrapped here into functions of one script, without a
 * bundler.
 *
 * @throws Error when the library is not built, or a module imports a package
 */
export function clientScript(): string {
  linked ??= scriptSource(link(collect(ENTRY)));
  return linked;
}

/** The module and all that it requires, directly or not, by path. */
function collect(path: string, found = new Map<string, ClientModule>()): Map<string, ClientModule> {
  if (!found.has(path)) {
    const module = readModule(path);
    found.set(path, module);
    for (const required of module.requires) collect(required, found);
  }
  return found;
}

function readModule(path: string): ClientModule {
  const file = projectPath('lib', 'dist', `${path}.js`);
  let compiled: string;
  try {
    compiled = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`clientScript: ${file} is missing: build the library first (npm run build)`, {
      cause,
    });
  }
  const requires: string[] = [];
  const code = compiled
    .replace(/^\/\/# sourceMappingURL=.*$/m, '')
    .replace(/\brequire\("([^"]+)"\)/g, (_, name: string) => {
      if (!name.startsWith('.')) {
        throw new Error(`clientScript: ${path} must not import a package, got '${name}'`);
      }
      const required = posix.join(posix.dirname(path), name);
      requires.push(required);
      return `require(${JSON.stringify(required)})`;
    });
  return { code, requires };
}

function link(modules: Map<string, ClientModule>): string {
  const definitions = [...modules].map(
    ([path, { code }]) => `${JSON.stringify(path)}: function (exports) {\n${code.trim()}\n}`,
  );
  return `(function () {
const modules = {
${definitions.join(',\n')}
};
const loaded = {};
function require(path) {
  if (!(path in loaded)) modules[path]((loaded[path] = {}));
  return loaded[path];
}
return require(${JSON.stringify(ENTRY)}).start;
})()`;
}
