// Who sent a held mail and what was found out about it, in plain words.
import type { TFunction } from 'i18next';
import type { HeldMail, HeldMailPreview } from '@/lib/api/types';

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
