// What is sent of a webhook: values of headers that nobody typed again stay as they are.
import { expect, test } from 'vitest';
import { bodyOf, draftOf } from './webhook-draft';

test('a header keeps its value unless another is typed, and one without a name is left out', () => {
  const webhook = { id: 'chat', version: 1, name: 'Chat', url: 'https://chat.example.com/in', active: true, description: '', template: '', headers: ['authorization', 'x-team'], rotated_at: null, stopped_at: null, health: { last_ok_at: null, last_failed_at: null, failing_since: null, failures: 0 } };
  const draft = draftOf(webhook);
  const [kept, typed] = draft.headers;
  if (!kept || !typed) throw new Error('both are there');
  const headers = [kept, { ...typed, value: 'blue' }, { name: 'X-New', value: 'a', kept: false }, { name: ' ', value: 'b', kept: false }];
  expect(bodyOf({ ...draft, headers }).headers).toEqual({ authorization: null, 'x-team': 'blue', 'x-new': 'a' });
});
