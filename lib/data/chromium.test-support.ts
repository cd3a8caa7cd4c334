import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import type { Peer } from './require-peer';

const CHROMIUM = process.env.TRIPLETLAB_CHROMIUM ?? '/usr/bin/chromium';

export const chromiumBrowser: Peer = {
  name: 'Chromium',
  problem: () => (existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is missing`),
};

/** Chromium without a window, and without requests of its own. */
export function launchChromium(): Promise<Browser> {
  const quiet = ['background-networking', 'component-update', 'sync', 'quic', 'gpu'];
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--headless', '--no-sandbox', '--no-first-run', ...quiet.map((x) => `--disable-${x}`)],
    timeout: 300_000,
  });
}
