// Text cut where people see its signs, not where its bytes are.

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The first sign of a text, however many code points it takes; empty for an empty text. */
export const firstSign = (text: string): string => segmenter.segment(text)[Symbol.iterator]().next().value?.segment ?? '';

/** The language whose lines break in a way of their own, where a text is written in it; undefined for all others. */
export function writtenIn(text: string): 'ko' | 'ja' | undefined {
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  return /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? 'ja' : undefined;
}
