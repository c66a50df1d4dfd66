import { expect, test } from 'vitest';
import { HEADING_HEIGHT, layoutOf } from './layout';

test('rows stand one under another where there are no headings', () => {
  const { total, topOf, rowAt } = layoutOf(1000, 80, []);
  expect([total, topOf(7), rowAt(0), rowAt(79), rowAt(80), rowAt(10 ** 9)]).toEqual([80_000, 560, 0, 0, 1, 999]);
});
test('headings stand above their rows and move all others down', () => {
  const { total, topOf, headingTop, rowAt } = layoutOf(10, 80, [0, 4]);
  expect(total).toBe(800 + 2 * HEADING_HEIGHT);
  expect([headingTop(0), topOf(0), topOf(3)]).toEqual([0, HEADING_HEIGHT, HEADING_HEIGHT + 240]);
  expect(headingTop(4)).toBe(HEADING_HEIGHT + 320);
  for (let row = 0; row < 10; row += 1) expect([rowAt(topOf(row)), rowAt(topOf(row) + 79)]).toEqual([row, row]);
});
test('an empty list has no height', () => {
  const { total, rowAt } = layoutOf(0, 80, []);
  expect([total, rowAt(500)]).toEqual([0, 0]);
});
