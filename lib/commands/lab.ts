import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { projectPath } from '../data/project';
import { parsed, UsageError, type Command } from './command';
import { findJupyterLab, type JupyterLab } from './jupyter-lab';
import { notebookPaths } from './notebook-files';
import { wholeNumberOf } from './settings';

const HELP = `tripletlab lab [NOTEBOOK] [options]

Starts the JupyterLab of this machine in notebooks/, with this project's kernel, on 127.0.0.1 and
behind the token that it prints. A NOTEBOOK, which is a path or the beginning of a file name in
notebooks/, is opened at once. Ctrl-C ends it.

  --port N      the port, which must be free; default: the first free one from 8888 on
  --no-browser  do not open a browser, only print the address

JupyterLab is looked for in this order: the jupyter that TRIPLETLAB_JUPYTER names, jupyter on PATH,
the module jupyterlab of python3. The exit status is JupyterLab's, 1 when there is none.

Examples
  tripletlab lab
  tripletlab lab 01 --port 9000 --no-browser`;

const NO_LAB = `
JupyterLab is a program in Python, which this project does not bring along. One of these gets it:

  pip install jupyterlab
  conda install -c conda-forge jupyterlab
  apt install jupyterlab                    (Debian from 13 on, Ubuntu from 24.10 on)

Without it, 'npm start' runs the notebooks and writes their reports to results/reports/index.html,
and 'tripletlab notebooks --help' says how to run them with other settings.`;

interface Options {
  port?: number;
  browser: boolean;
  notebook?: string;
}

/** Starts JupyterLab with the project's kernel. */
export const lab: Command = {
  help: HELP,
  async run(args) {
    const options = optionsOf(args);
    let jupyterLab: JupyterLab;
    try {
      jupyterLab = await findJupyterLab(process.env);
    } catch (error) {
      console.error(`tripletlab lab: ${(error as Error).message}\n${NO_LAB}`);
      return 1;
    }
    return runToItsEnd(jupyterLab, options);
  },
};

function optionsOf(args: string[]): Options {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args,
      allowPositionals: true,
      allowNegative: true,
      options: { port: { type: 'string' }, browser: { type: 'boolean', default: true } },
    }),
  );
  if (positionals.length > 1) {
    throw new UsageError(`lab takes one notebook, got ${positionals.join(' ')}`);
  }
  return {
    port: values.port === undefined ? undefined : wholeNumberOf('--port', values.port, 1),
    browser: values.browser,
    notebook: positionals.length === 0 ? undefined : notebookPaths(positionals)[0],
  };
}

/** Its arguments after the program's own. */
function argumentsOf({ port, browser, notebook }: Options): string[] {
  return [
    '--ServerApp.ip=127.0.0.1',
    ...(port === undefined ? [] : [`--ServerApp.port=${port}`, '--ServerApp.port_retries=0']),
    ...(browser ? [] : ['--no-browser']),
    // Jupyter refuses to serve root, as whom one works in a container.
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
    ...(notebook === undefined ? [] : [notebook]),
  ];
}

/** Runs JupyterLab in this terminal, and passes signals on. */
function runToItsEnd({ program, args }: JupyterLab, options: Options): Promise<number> {
  const { JUPYTER_PATH } = process.env;
  const paths = [projectPath('lib', 'notebook'), ...(JUPYTER_PATH ? [JUPYTER_PATH] : [])];
  // Before it starts, lest a signal that comes at once end this process and leave JupyterLab behind.
  // A terminal sends Ctrl-C to both; twice would end it before it could ask.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const child = spawn(program, [...args, ...argumentsOf(options)], {
    cwd: options.notebook === undefined ? projectPath('notebooks') : dirname(options.notebook),
    env: { ...process.env, JUPYTER_PATH: paths.join(delimiter) },
    stdio: 'inherit',
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (status, signal) => {
      done(status ?? 128 + constants.signals[signal ?? 'SIGTERM']);
    });
  });
}
