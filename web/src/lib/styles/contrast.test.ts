import { expect, test } from 'vitest';
import { contrast } from './contrast';

test('colours contrast as WCAG says', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#ffffff', '#767676')).toBeCloseTo(4.54, 2);
  expect(contrast('#ffe600', '#ffffff')).toBeLessThan(1.3);
});
