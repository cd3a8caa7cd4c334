import './index';
import { UsageError, type Command } from './commands/command';
import { notebooks } from './commands/notebooks';
import { train } from './commands/train';

const COMMANDS: Record<string, Command> = { notebooks, train };

const HELP = `tripletlab <command> [options]

Triplet loss, reproduced and explained.

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`)
  .join('\n')}

  tripletlab <command> --help tells more.`;

/**
 * Runs the `tripletlab` program.
 *
 * @param args the arguments after the program's name
 * @returns the exit status: 0 success, 1 the work failed, 2 wrong arguments
 */
export async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(HELP);
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS[name];
  if (!command) {
    console.error(`tripletlab: no command '${name}'.\n\n${HELP}`);
    return 2;
  }
  if (rest.includes('--help')) {
    console.log(command.help);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    console.error(`tripletlab ${name}: ${(error as Error).message}`);
    if (!(error instanceof UsageError)) return 1;
    console.error(`\n${command.help}`);
    return 2;
  }
}
