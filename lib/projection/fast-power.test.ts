import { expect, it } from 'vitest';
import { seededRandom } from '../data/random';
import { fastPower } from './fast-power';

it.each([-1, -0.6, -0.105, 0, 0.3, 1])('gives x^%d', (exponent) => {
  const power = fastPower(exponent);
  const random = seededRandom(1);
  const numbers = Array.from({ length: 20_000 }, () => Math.exp(60 * (random() - 0.5)));
  numbers.push(1e-300, 2 ** -10, 1, 2, 2 - 2 ** -52, 1e300);
  const errors = numbers.map((x) => Math.abs(power(x) / x ** exponent - 1));
  expect(Math.max(...errors)).toBeLessThan(2e-8);
});
