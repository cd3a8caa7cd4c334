import { parseArgs } from 'node:util';
import { parsed, type Command } from './command';
import { lineOf } from './doctor/check';
import { examineMachine } from './doctor/examine-machine';

const HELP = `tripletlab doctor [options]

Looks at what this machine has, what would be used, and why. Each line is

  ok        it is there and works
  missing   something needs it; the line says what to do
  optional  it is not there, and nothing needs it

The exit status is 0 when the essentials (marked *) are ok, else 1.

  --json  the same as JSON

Examples
  tripletlab doctor
  tripletlab doctor --json`;

/** Says what this machine has and lacks. */
export const doctor: Command = {
  help: HELP,
  async run(args) {
    const { values } = parsed(() =>
      parseArgs({ args, options: { json: { type: 'boolean', default: false } } }),
    );
    const checks = await examineMachine();
    console.log(values.json ? JSON.stringify(checks, null, 2) : checks.map(lineOf).join('\n'));
    return checks.every(({ essential, mark }) => !essential || mark === 'ok') ? 0 : 1;
  },
};
