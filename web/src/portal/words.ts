// The portal's words without a library: keys checked by the compiler, values filled in. It has no plurals.
import type english from '@/locales/portal/en.json';

export type Dictionary = typeof english;
type Keys<Node> = { [Key in keyof Node & string]: Node[Key] extends string ? Key : `${Key}.${Keys<Node[Key]>}` }[keyof Node & string];
export type WordKey = Keys<Dictionary>;
export type Words = (key: WordKey, values?: Readonly<Record<string, string | number>>) => string;

/** "Hello {{name}}" with its values; what has no value stays visible as it is, so that a mistake is seen. */
function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export function wordsOf(dictionary: Dictionary): Words {
  return (key, values = {}) => {
    let node: unknown = dictionary;
    for (const part of key.split('.')) node = typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[part] : undefined;
    return typeof node === 'string' ? fill(node, values) : key;
  };
}
