import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { startKernel } from './kernel-client';

/** The addresses on which a process listens, as /proc writes them. */
function listeningOn(pid: number): string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return []; // Closed meanwhile.
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((kind) =>
    readFileSync(`/proc/${pid}/net/${kind}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.has(inode))
      .map(([, local]) => local.split(':')[0]),
  );
}

it.runIf(process.platform === 'linux')('a kernel listens on 127.0.0.1 only', async () => {
  const kernel = await startKernel({ directory: tmpdir() });
  try {
    expect(listeningOn(kernel.pid!)).toEqual(Array(5).fill('0100007F'));
  } finally {
    await kernel.shutdown();
  }
});
