import { expect, test } from 'vitest';
import { lengthOf } from '@/lib/time/length';

test.each([
  ['25', 1500],
  ['25m', 1500],
  ['1h 30m', 5400],
  ['1.5h', 5400],
  ['1,5 h', 5400],
  ['1:30', 5400],
  ['2시간 10분', 7800],
  ['0:45', 2700],
])('“%s” is %d seconds of work', (typed, seconds) => {
  expect(lengthOf(typed)).toBe(seconds);
});
test.each(['', '0', 'soon', '1:75', '-5', '1h h'])('“%s” is no length', (typed) => {
  expect(lengthOf(typed)).toBeNull();
});
