// A ticket's clock in words: how long is left, that it stands still, or how long it is over.
import { IconPause } from '@/components/icons';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import type { ShownClock } from '@/lib/tickets/urgency';
import { moment, span } from '@/lib/time/format';
import '@/components/sla-chip.css';

interface SlaChipProps {
  clock: ShownClock;
  /** In the side panel the metric stands beside it already. */
  withMetric?: boolean;
  /** Why it stands still. */
  reason?: string | null;
}

export function SlaChip({ clock, withMetric = true, reason = null }: SlaChipProps) {
  const t = useT();
  const language = useLanguage();
  const metric = t(`sla.short.${clock.metric}`);
  const title = clock.dueAt === null ? undefined : t('sla.dueAt', { metric: t(`sla.metric.${clock.metric}`), at: moment(clock.dueAt, language) });
  const left = clock.seconds === null ? null : span(Math.abs(clock.seconds), language);
  const text = {
    calm: left,
    soon: left,
    late: `−${left ?? ''}`,
    paused: reason ?? t('sla.paused'),
    kept: t('sla.kept'),
    missed: t('sla.missed'),
  }[clock.urgency];
  return (
    <span className={`sla sla--${clock.urgency}`} title={title}>
      {clock.urgency === 'paused' && <IconPause size={10} aria-hidden="true" />}
      {withMetric && clock.urgency !== 'paused' && <span className="sla__metric">{metric}</span>}
      <span className="sla__left">{text}</span>
      {clock.urgency === 'late' && <span className="visually-hidden">{t('sla.overdue')}</span>}
    </span>
  );
}
