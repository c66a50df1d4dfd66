// Filters in the words of a search: a chip puts its filter in or takes it out, whatever else stands there.

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const place = (filter: string): RegExp => new RegExp(`(^|\\s)${escaped(filter)}(?=\\s|$)`, 'iu');

export const hasFilter = (q: string, filter: string): boolean => place(filter).test(q);

/** `q` with the filter put in at its end, or taken out. */
export function toggleFilter(q: string, filter: string): string {
  if (hasFilter(q, filter)) return q.replace(place(filter), ' ').replaceAll(/\s+/gu, ' ').trim();
  return `${q.trim()} ${filter}`.trim();
}
