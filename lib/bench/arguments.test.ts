import { describe, expect, it } from 'vitest';
import { UsageError } from '../commands/command';
import { helpText, parseArguments } from './arguments';
import { compile } from './sections/compile';
import { loss } from './sections/loss';
import { training } from './sections/training';

const SECTIONS = [training, loss, compile];

const parse = (...args: string[]): ReturnType<typeof parseArguments> =>
  parseArguments(args, SECTIONS);

describe('parseArguments', () => {
  it('has defaults', () => {
    expect(parse()).toEqual({
      sections: [training],
      rounds: 5,
      steps: 20000,
      only: [],
      quick: false,
      save: false,
      help: false,
    });
    expect(parse('--quick')).toMatchObject({ rounds: 3, steps: 2000, quick: true });
  });

  it('takes sections in their own order, each once', () => {
    expect(parse('compile', 'loss', 'compile').sections).toEqual([loss, compile]);
  });

  it('takes what is given', () => {
    expect(parse('--rounds', '9', '--only', 'mnist, 64', '--only=1', '--steps=5000')).toMatchObject(
      {
        rounds: 9,
        only: ['mnist', '64', '1'],
        steps: 5000,
      },
    );
    expect(parse('--quick', '--rounds', '1').rounds).toBe(1);
    expect(parse('--save', '--rounds', '1').save).toBe(true);
    expect(parse('--help').help).toBe(true);
  });

  it.each([
    [['--rounds', '0'], "--rounds must be a whole number >= 1, got '0'"],
    [['--rounds', '2.5'], "--rounds must be a whole number >= 1, got '2.5'"],
    [['--rounds='], "--rounds must be a whole number >= 1, got ''"],
    [['--rounds', 'many'], "--rounds must be a whole number >= 1, got 'many'"],
    [['--steps', '999'], "--steps must be a whole number >= 1000, got '999'"],
    [['losses'], "a section must be one of training, loss, compile; got 'losses'"],
    [['--save', '--quick'], '--save keeps whole tables: it goes with neither --quick nor --only'],
    [['--save', '--only', '64'], '--save keeps whole tables'],
    [['--round', '3'], "Unknown option '--round'"],
    [['--rounds'], "Option '--rounds <value>' argument missing"],
    [['--quick=1'], "Option '--quick' does not take an argument"],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });
});

describe('helpText', () => {
  it('names every section and option', () => {
    const help = helpText(SECTIONS);
    for (const { name, summary } of SECTIONS)
      expect(help).toContain(`${name.padEnd(16)} ${summary}`);
    for (const option of Object.keys(parse()).filter((name) => name !== 'sections')) {
      expect(help).toContain(`--${option}`);
    }
  });
});
