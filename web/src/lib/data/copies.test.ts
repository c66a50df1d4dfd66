// What the desk says was changed is asked for anew, and nothing else.
import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { renewCopies } from './copies';

const stale = async (kinds: string[]): Promise<string[]> => {
  const client = new QueryClient();
  for (const name of ['agents', 'groups', 'me', 'views', 'counts', 'fields', 'person', 'settings', 'history']) client.setQueryData([name, 'x'], {});
  await renewCopies(client, kinds);
  return client.getQueryCache().findAll({ stale: true, predicate: ({ state }) => state.isInvalidated }).map(({ queryKey }) => String(queryKey[0]));
};

test.each([
  [[], []],
  [['view'], ['views', 'counts', 'settings']],
  [['agent'], ['agents', 'groups', 'me', 'settings']],
  [['person'], ['person', 'settings']],
  [['something_new'], ['settings']],
])('of %o the copies are old: %o', async (kinds, old) => {
  expect((await stale(kinds)).toSorted()).toEqual(old.toSorted());
});
