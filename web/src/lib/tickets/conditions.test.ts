import { describe, expect, test } from 'vitest';
import { groupOf, lengthOf, treeOf, type Tree } from './conditions';

const BURNING: Tree = {
  all: [
    { field: 'status_category', is_not: ['done'] },
    { field: 'assignee', empty: true },
    { any: [{ field: 'sla', breaches_within: '2h' }, { field: 'priority', is: ['urgent'] }] },
    { not: { any: [{ field: 'tags', is: ['spam'] }] } },
  ],
};

describe('conditions in the form', () => {
  test('come back as they were', () => {
    expect(treeOf(groupOf(BURNING))).toEqual(BURNING);
    expect(treeOf(groupOf({}))).toEqual({});
  });
  test('mean the same where they were written in another way', () => {
    expect(treeOf(groupOf({ field: 'priority', is: ['high'] }))).toEqual({ all: [{ field: 'priority', is: ['high'] }] });
    expect(treeOf(groupOf({ not: { field: 'priority', is: ['high'] } }))).toEqual({ not: { any: [{ field: 'priority', is: ['high'] }] } });
  });
  test('keep what the form has no fields for', () => {
    const strange: Tree = { all: [{ field: 'x', at_least: [1], at_most: [2] }, { field: 'priority', is: ['high'] }] };
    expect(treeOf(groupOf(strange))).toEqual(strange);
  });
  test('leave out what says nothing yet', () => {
    const begun = groupOf({ all: [{ field: 'priority', is: [] }, { field: 'snoozed', is: false }] });
    expect(treeOf(begun)).toEqual({ all: [{ field: 'snoozed', is: false }] });
  });
  test('read lengths of time', () => {
    expect(lengthOf('90m')).toEqual({ count: '90', unit: 'm' });
    expect(lengthOf('')).toEqual({ count: '', unit: 'd' });
  });
});
