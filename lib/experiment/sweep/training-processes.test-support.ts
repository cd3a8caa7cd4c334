import { readdirSync, readFileSync } from 'node:fs';

/** The training processes that a process has, as Linux lists them. */
export function trainingProcesses(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        // The name of the program, in brackets, may hold anything.
        const [, ppid] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return Number(ppid) === parent && command.includes('trial-process.js');
      } catch {
        // It has ended meanwhile.
        return false;
      }
    });
}
