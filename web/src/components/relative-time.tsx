// "5 min. ago", with the exact instant on hover and for machines.
import { useLanguage } from '@/lib/i18n/use-t';
import { useNow } from '@/lib/time/clock';
import { exact, relative } from '@/lib/time/format';

export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const language = useLanguage();
  const now = useNow();
  return (
    <time className={className} dateTime={at} title={exact(at, language)}>
      {relative(at, now, language)}
    </time>
  );
}
