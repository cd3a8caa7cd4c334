import { expect, it } from 'vitest';
import { terminalText } from './terminal-text';

it('writes out what a terminal would obey', () => {
  expect(terminalText('a\x1b]0;title\x07b\x1b[2J\rc\x9b31m')).toBe(
    'a\\u001b]0;title\\u0007b\\u001b[2J\\u000dc\\u009b31m',
  );
  expect(terminalText('gpj.\u202eexe \u2066x\u2069\u2028')).toBe(
    'gpj.\\u202eexe \\u2066x\\u2069\\u2028',
  );
});

it('leaves text and its lines as they are', () => {
  for (const text of ['', 'Größe\n − 0.5 ± 0.1 ✓ 漢字 🙂']) expect(terminalText(text)).toBe(text);
});
