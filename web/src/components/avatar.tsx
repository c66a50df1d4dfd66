// A person as one or two letters: round for requesters, square-ish for colleagues.
import { firstSign } from '@/lib/text';
import '@/components/avatar.css';

const HUES = 8;

/** "AK" of "Ann Kim"; one sign for scripts that write a name without a space. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = firstSign(words[0] ?? '?');
  const last = words.length > 1 ? firstSign(words.at(-1) ?? '') : '';
  const twoLetters = /^\p{Script=Latin}|^\p{Script=Cyrillic}|^\p{Script=Greek}/u.test(first);
  return (twoLetters ? first + last : first).toUpperCase();
}

function hueOf(seed: string): number {
  let sum = 0;
  for (const sign of seed) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973;
  return sum % HUES;
}

interface AvatarProps {
  name: string;
  /** What picks the colour: an id stays the same when a name changes. */
  seed?: string;
  kind?: 'requester' | 'agent';
  size?: 20 | 24 | 32;
}

export function Avatar({ name, seed, kind = 'agent', size = 24 }: AvatarProps) {
  return (
    // Drawn, not written: the name beside it is what screen readers and searches should find.
    <span className={`avatar avatar--${kind} avatar--${size}`} data-hue={hueOf(seed ?? name)} data-initials={initials(name)} aria-hidden="true" />
  );
}
