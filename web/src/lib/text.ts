// Text cut where people see its signs, not where its bytes are.

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The first sign of a text, however many code points it takes; empty for an empty text. */
export const firstSign = (text: string): string => segmenter.segment(text)[Symbol.iterator]().next().value?.segment ?? '';
