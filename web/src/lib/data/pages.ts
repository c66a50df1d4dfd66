// Arithmetic of paged lists in the cache: bringing news into pages that are already on the screen.
import type { InfiniteData } from '@tanstack/react-query';

export interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}
export type Paged<Item> = InfiniteData<Page<Item>, string | null>;

export const flat = <Item>(data: Paged<Item> | undefined): Item[] => data?.pages.flatMap((page) => page.items) ?? [];

/** Without doubles: a row that moved between two pages while they were fetched is shown once. */
export function unique<Item extends { id: string }>(items: readonly Item[]): Item[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(item.id) && seen.add(item.id));
}

export function mapItems<Item>(data: Paged<Item>, change: (item: Item) => Item): Paged<Item> {
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(change) })) };
}

const sameOrder = (one: readonly { id: string }[], other: readonly { id: string }[]): boolean =>
  one.length === other.length && one.every((item, index) => item.id === other[index]?.id);

/**
 * Puts a newly fetched first page into a list whose order can change (tickets). Null when further pages are loaded and
 * the first one moved: then the whole list has to be asked for again.
 */
export function refreshFirst<Item extends { id: string }>(data: Paged<Item>, fresh: Page<Item>): Paged<Item> | null {
  const [first, ...others] = data.pages;
  if (!first || (others.length > 0 && !sameOrder(first.items, fresh.items))) return null;
  return { ...data, pages: [{ ...fresh, next_cursor: fresh.next_cursor ?? null }, ...others] };
}

/**
 * Puts a newly fetched first page before a list that only grows at its front (messages, history). Null when more came in
 * than one page holds.
 */
export function prepend<Item extends { id: string }>(data: Paged<Item>, fresh: Page<Item>): Paged<Item> | null {
  const [first, ...others] = data.pages;
  if (!first) return null;
  const known = new Set(flat(data).map((item) => item.id));
  const overlaps = fresh.items.some((item) => known.has(item.id)) || first.items.length === 0;
  if (!overlaps && fresh.items.length > 0) return null;
  const renewed = new Map(fresh.items.map((item) => [item.id, item]));
  const rest = first.items.filter((item) => !renewed.has(item.id));
  const cursor = first.items.length === 0 ? (fresh.next_cursor ?? null) : (first.next_cursor ?? null);
  return { ...data, pages: [{ items: [...fresh.items, ...rest], next_cursor: cursor }, ...others] };
}
