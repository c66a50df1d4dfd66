import { expect, test } from 'vitest';
import { NOTHING, stretched, toggled } from './selection';

const ids = ['a', 'b', 'c', 'd', 'e'];

test('a row is selected and let go again', () => {
  expect([...toggled(NOTHING, 'b')]).toEqual(['b']);
  expect([...toggled(new Set(['a', 'b']), 'b')]).toEqual(['a']);
});
test('shift selects the stretch in either direction and keeps what was selected', () => {
  expect([...stretched(new Set(['a']), ids, 'b', 'd')].toSorted()).toEqual(['a', 'b', 'c', 'd']);
  expect([...stretched(NOTHING, ids, 'd', 'b')].toSorted()).toEqual(['b', 'c', 'd']);
});
test('without a place to begin, a stretch is that row', () => {
  expect([...stretched(NOTHING, ids, null, 'c')]).toEqual(['c']);
  expect([...stretched(NOTHING, ids, 'gone', 'c')]).toEqual(['c']);
});
