// How well a name fits a few letters: as it begins, as a word in it begins, anywhere, or its letters in order.

const plain = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase();

function inOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** The smaller the better; null: it does not fit. Every word of `typed` has to fit somewhere. */
export function fit(name: string, typed: string, words = ''): number | null {
  const text = plain(name);
  const wanted = plain(typed.trim());
  if (wanted === '' || text.startsWith(wanted)) return 0;
  const parts = wanted.split(/\s+/u);
  if (parts.every((part) => ` ${text}`.includes(` ${part}`))) return 1;
  const everything = `${text} ${plain(words)}`;
  if (parts.every((part) => everything.includes(part))) return 2;
  return wanted.length > 2 && inOrder(text, wanted.replaceAll(/\s+/gu, '')) ? 3 : null;
}

/** What fits, best first; equals keep their order. */
export function fitting<Item extends { label: string; words?: string }>(items: readonly Item[], typed: string): Item[] {
  return items
    .map((item) => ({ item, rank: fit(item.label, typed, item.words) }))
    .filter((one): one is { item: Item; rank: number } => one.rank !== null)
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}
