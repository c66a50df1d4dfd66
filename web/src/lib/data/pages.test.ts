import { describe, expect, test } from 'vitest';
import { flat, prepend, refreshFirst, unique, type Paged } from '@/lib/data/pages';

interface Item {
  id: string;
  text?: string;
}
const items = (...ids: string[]): Item[] => ids.map((id) => ({ id }));
const paged = (...pages: Item[][]): Paged<Item> => ({
  pages: pages.map((page, index) => ({ items: page, next_cursor: index === pages.length - 1 ? null : `c${index}` })),
  pageParams: pages.map((_page, index) => (index === 0 ? null : `c${index - 1}`)),
});
const ids = (data: Paged<Item> | null) => data && flat(data).map((item) => item.id);

describe('a list of tickets', () => {
  test('of one page takes over whatever the first page has become', () => {
    expect(ids(refreshFirst(paged(items('a', 'b')), { items: items('c', 'a'), next_cursor: 'x' }))).toEqual(['c', 'a']);
  });
  test('of several pages takes over changes of its rows while their order stands', () => {
    const fresh = { items: [{ id: 'a', text: 'new' }, { id: 'b' }], next_cursor: 'c0' };
    expect(refreshFirst(paged(items('a', 'b'), items('c')), fresh)?.pages[0]?.items[0]).toEqual({ id: 'a', text: 'new' });
  });
  test('of several pages asks to be fetched again when rows moved', () => {
    expect(refreshFirst(paged(items('a', 'b'), items('c')), { items: items('c', 'a'), next_cursor: 'x' })).toBeNull();
  });
  test('shows a row once that two pages hold', () => {
    expect(unique(items('a', 'b', 'a'))).toEqual(items('a', 'b'));
  });
});

describe('a conversation', () => {
  test('takes new messages in front and keeps its older pages', () => {
    expect(ids(prepend(paged(items('c', 'b'), items('a')), { items: items('e', 'd', 'c'), next_cursor: 'x' }))).toEqual(['e', 'd', 'c', 'b', 'a']);
  });
  test('takes over what changed in a message it has', () => {
    const data = prepend(paged(items('a')), { items: [{ id: 'a', text: 'sent' }], next_cursor: null });
    expect(data?.pages[0]?.items).toEqual([{ id: 'a', text: 'sent' }]);
  });
  test('asks to be fetched again when more came in than one page holds', () => {
    expect(prepend(paged(items('a')), { items: items('z', 'y'), next_cursor: 'x' })).toBeNull();
  });
  test('that was empty takes its first message', () => {
    expect(ids(prepend(paged([]), { items: items('a'), next_cursor: null }))).toEqual(['a']);
  });
});
