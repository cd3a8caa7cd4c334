import { spawnSync } from 'node:child_process';

/** Other software that a test compares with, which need not be installed everywhere. */
export interface Peer {
  /** Its name for a reader: 'scikit-learn'. */
  name: string;
  /** Why it cannot be used here, or undefined when it can. */
  problem(): string | undefined;
}

/**
 * Whether a test against `peer` must be skipped, to be used as
 * `describe.skipIf(isMissing(scikitLearn))('...', () => { ... })`. The reason is printed.
 *
 * @throws Error, so that the tests fail, when the peer is missing and the environment variable
 *   TRIPLETLAB_REQUIRE_PEERS is 1
 */
export function isMissing(peer: Peer): boolean {
  const problem = peer.problem();
  if (problem === undefined) return false;
  if (process.env.TRIPLETLAB_REQUIRE_PEERS === '1') {
    throw new Error(`TRIPLETLAB_REQUIRE_PEERS=1, but ${peer.name} is missing: ${problem}`);
  }
  console.warn(`skipped, ${peer.name} is missing: ${problem}`);
  return true;
}

/** The interpreter of the peers in Python; TRIPLETLAB_PYTHON names another. */
function pythonPath(): string {
  return process.env.TRIPLETLAB_PYTHON ?? '/usr/bin/python3';
}

/** A peer that is a Python module. */
export function pythonModule(name: string, module: string): Peer {
  return {
    name,
    problem() {
      const { error, status, stderr } = spawnSync(pythonPath(), ['-c', `import ${module}`]);
      if (error) return error.message;
      return status === 0 ? undefined : String(stderr).trim().split('\n').pop();
    },
  };
}

/**
 * Runs a Python script that finds `data`, parsed from JSON, and leaves its answer in `result`.
 *
 * @throws Error with the script's error output when it fails
 */
export function runPython(script: string, data: unknown): unknown {
  const program = `import json, sys\ndata = json.load(sys.stdin)\n${script}\nprint(json.dumps(result))`;
  const { error, status, stdout, stderr } = spawnSync(pythonPath(), ['-c', program], {
    input: JSON.stringify(data),
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`runPython: ${String(stderr)}`);
  return JSON.parse(String(stdout));
}
