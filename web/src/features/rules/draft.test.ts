import { expect, test } from 'vitest';
import { bodyOf, draftOf, EMPTY, rowsOf, treeOf } from './draft';
import type { Rule } from '@/lib/api/types';

const RULE: Rule = {
  id: 'urgent-words',
  version: 3,
  name: 'Urgent words',
  kind: 'trigger',
  on: ['opened'],
  conditions: { any: [{ field: 'subject', contains: ['urgent', 'now'] }, { field: 'last_message_at', older_than: '3d' }] },
  actions: { changes: { priority: 'urgent', impact: 'high', tags: { add: ['hot'] } }, note: 'Look', reply: { en: 'Hi', ko: '안녕' }, macro_id: null },
  enabled: true,
  order: 4,
  stop: true,
  description: '',
  hits: 0,
  last_hit_at: null,
};

test('a rule that is opened and saved is the same rule, also in what the form does not show', () => {
  const body = bodyOf(draftOf(RULE, 'en'), 'en');
  expect(body?.conditions).toEqual(RULE.conditions);
  expect(body?.actions?.changes).toMatchObject({ priority: 'urgent', impact: 'high', tags: { add: ['hot'] } });
  expect(body?.actions?.reply).toEqual({ en: 'Hi', ko: '안녕' });
  expect(body).toMatchObject({ name: 'Urgent words', on: ['opened'], enabled: true, order: 4, stop: true });
});

test('a tree that is no plain list stays text', () => {
  const deep = { all: [{ not: { field: 'priority', is: ['low'] } }] };
  expect(rowsOf(deep)).toBeNull();
  const draft = draftOf({ ...RULE, conditions: deep }, 'en');
  expect(draft.text).not.toBeNull();
  expect(treeOf(draft)).toEqual(deep);
});

test('text that is no object is not sent', () => {
  expect(bodyOf({ ...EMPTY, text: '[1' }, 'en')).toBeNull();
  expect(bodyOf({ ...EMPTY, text: '[]' }, 'en')).toBeNull();
});

test('a flag is true or false, several values stand between commas, a length is one', () => {
  const rows = [
    { field: 'business_hours', op: 'is', values: 'false' },
    { field: 'tags', op: 'is', values: 'vip, hot' },
    { field: 'created_at', op: 'older_than', values: ' 2h ' },
  ];
  expect(treeOf({ ...EMPTY, rows })).toEqual({
    all: [
      { field: 'business_hours', is: false },
      { field: 'tags', is: ['vip', 'hot'] },
      { field: 'created_at', older_than: '2h' },
    ],
  });
});
