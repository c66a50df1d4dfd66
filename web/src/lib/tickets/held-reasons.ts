// Why a mail was held back or refused, in plain words.
import i18next, { type TFunction } from 'i18next';
import type words from '@/locales/desk/en.json';

type KnownReason = keyof typeof words.held.reason;
const isKnown = (code: string): code is KnownReason => i18next.exists(`held.reason.${code}`);

/** Raw is better than hidden for a reason that the page has no words for yet. */
export const reasonsOf = ({ reasons }: { reasons: readonly string[] }, t: TFunction): string[] =>
  reasons.map((code) => (isKnown(code) ? t(`held.reason.${code}`) : code.replaceAll('_', ' ')));
