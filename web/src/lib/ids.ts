// The id of something new, made of its name.

/** Its name in plain letters, as the API takes ids, or `otherwise`; with a number where something else has that already. */
export function idFor(name: string, taken: readonly string[], otherwise: string): string {
  const plain = name.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 36) || otherwise;
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? plain : `${plain}-${number}`;
    if (!taken.includes(id)) return id;
  }
}
