import { expect, test } from 'vitest';
import { rowsBetween } from './use-window';

test('of twenty thousand rows only those in sight are rendered, with a few to spare', () => {
  const { from, to } = rowsBetween(88 * 10_000, 900, 88, 20_000);
  expect(from).toBeLessThanOrEqual(10_000);
  expect(to).toBeGreaterThanOrEqual(10_011);
  expect(to - from).toBeLessThan(30);
});
test('a list that became shorter than where one had scrolled to renders nothing beyond its end', () => {
  expect(rowsBetween(88 * 500, 900, 88, 3)).toEqual({ from: 3, to: 3 });
});
