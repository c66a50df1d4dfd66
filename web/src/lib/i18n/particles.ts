// Korean particles behind a name: which of two is right depends on the sound that the name ends with.

const PAIRS: Readonly<Record<string, readonly [closed: string, open: string]>> = {
  '(으)로': ['으로', '로'],
  '을(를)': ['을', '를'],
  '이(가)': ['이', '가'],
  '은(는)': ['은', '는'],
};
const AT_PARTICLE = /([\p{L}\p{N}]?[\p{L}\p{N}])([^\p{L}\p{N}\s]*)(\(으\)로|을\(를\)|이\(가\)|은\(는\))/gu;
const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const ENDINGS = 28;
const ENDS_WITH_L = 8;

type Sound = 'open' | 'closed' | 'l';

/** How a name ends when it is spoken; null: nobody can tell by its letters. */
function soundOf(end: string): Sound | null {
  const last = end.slice(-1);
  const code = last.charCodeAt(0);
  if (code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE) {
    const ending = (code - FIRST_SYLLABLE) % ENDINGS;
    return ending === 0 ? 'open' : ending === ENDS_WITH_L ? 'l' : 'closed';
  }
  if (/[178lL]/.test(last)) return 'l';
  if (/[036mnMNんン]/.test(last) || /ng$/i.test(end)) return 'closed';
  // Of other letters of Latin words one cannot say whether a vowel is spoken behind them: "desk" ends with one, "Slack" does not.
  return /[2459]|[aiouydfhjrsvwxz]|[\p{Script=Hiragana}\p{Script=Katakana}]/iu.test(last) ? 'open' : null;
}

/** A text with the right one wherever it names both: "‘보류’(으)로" becomes "‘보류’로". What cannot be told stays. */
export function withParticles(text: string): string {
  return text.replace(AT_PARTICLE, (whole, end: string, marks: string, both: string) => {
    const sound = soundOf(end);
    const pair = PAIRS[both];
    if (sound === null || pair === undefined) return whole;
    const closed = sound === 'closed' || (sound === 'l' && both !== '(으)로');
    return `${end}${marks}${pair[closed ? 0 : 1]}`;
  });
}
