// Why a mail was held back and what was found out about it, in plain words.
import i18next, { type TFunction } from 'i18next';
import type { HeldMail, HeldMailPreview } from '@/lib/api/types';
import type words from '@/locales/desk/en.json';

type KnownReason = keyof typeof words.held.reason;
const isKnown = (code: string): code is KnownReason => i18next.exists(`held.reason.${code}`);

/** Raw is better than hidden for a reason that the page has no words for yet. */
export const reasonsOf = ({ reasons }: Pick<HeldMail, 'reasons'>, t: TFunction): string[] =>
  reasons.map((code) => (isKnown(code) ? t(`held.reason.${code}`) : code.replaceAll('_', ' ')));

export const senderOf = ({ sender, sender_name: name }: Pick<HeldMail, 'sender' | 'sender_name'>, t: TFunction): string => name ?? sender ?? t('held.noSender');

type Checked = keyof HeldMailPreview['verdicts'];
const CHECKS: readonly Checked[] = ['virus', 'spam', 'spf', 'dkim', 'dmarc'];

/** What was checked and how it ended; checks that nobody made are not listed. */
export const verdictsOf = ({ verdicts }: Pick<HeldMailPreview, 'verdicts'>): { check: Checked; result: 'passed' | 'failed' | 'unclear' }[] =>
  CHECKS.flatMap((check) => {
    const found = verdicts[check];
    if (found === 'DISABLED') return [];
    return [{ check, result: found === 'PASS' ? 'passed' : found === 'FAIL' ? 'failed' : 'unclear' } as const];
  });
