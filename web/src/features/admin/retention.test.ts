// Conditions of a rule of retention are lists to be ticked where they are lists, and stay as they were written where they are more.
import { describe, expect, test } from 'vitest';
import { conditionsOf, listsOf } from './retention';

const none = { category: [], group: [], product: [], tags: [] };

describe('which tickets a rule is for', () => {
  test.each([{}, { category: ['billing'] }, { category: ['billing', 'other'], tags: ['vip'] }, { group: ['support'], product: ['kettle'] }])('is the same after it was written: %o', (chosen) => {
    const lists = { ...none, ...chosen };
    expect(listsOf(conditionsOf(lists))).toEqual(lists);
  });
  test('is a list where a single comparison was written', () => {
    expect(listsOf({ field: 'category', is: ['billing'] })).toEqual({ ...none, category: ['billing'] });
  });
  test.each([[{ any: [] }], [{ field: 'category', is_not: ['billing'] }], [{ all: [{ field: 'channel', is: ['email'] }] }], [{ all: [{ field: 'tags', is: ['a'] }, { field: 'tags', is: ['b'] }] }]])('is more than lists: %o', (conditions) => {
    expect(listsOf(conditions)).toBeNull();
  });
});
