import { expect, test } from 'vitest';
import { layoutOf } from './layout';
import { rowsBetween } from './use-window';

const rows = (count: number) => layoutOf(count, 80, []);

test('only the rows that can be seen are rendered, and some around them', () => {
  expect(rowsBetween(0, 800, rows(20_000), 20_000)).toEqual({ from: 0, to: 17 });
  expect(rowsBetween(80_000, 800, rows(20_000), 20_000)).toEqual({ from: 994, to: 1017 });
});
test('the end of a list and an empty one are no trouble', () => {
  expect(rowsBetween(10 ** 7, 800, rows(100), 100)).toEqual({ from: 93, to: 100 });
  expect(rowsBetween(0, 800, rows(0), 0)).toEqual({ from: 0, to: 0 });
});
