// Text with the places marked that fit what somebody looked for.
import type { Marked } from '@/lib/api/types';

/** Pairs of offsets, in order; what does not fit the text is left unmarked. */
export function MarkedText({ text, ranges }: Pick<Marked, 'text' | 'ranges'>) {
  const parts = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from === undefined || to === undefined || from < at || to > text.length) continue;
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>);
    at = to;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}
