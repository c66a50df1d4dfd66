// Small signs that mean one thing each by their shape: priority, status, channel.
import { IconApi, IconMail, IconPhone, IconWeb } from '@/components/icons';
import type { Channel, Priority, Status } from '@/lib/api/types';
import { useT } from '@/lib/i18n/use-t';
import '@/components/marks.css';

const BARS: Record<Exclude<Priority, 'urgent'>, number> = { low: 1, normal: 2, high: 3 };

interface MarkProps {
  /** Beside its own word a mark needs no second name. */
  bare?: boolean;
}

export function PriorityMark({ priority, bare = false }: MarkProps & { priority: Priority }) {
  const t = useT();
  const name = bare ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': t('priority.label', { name: t(`priority.${priority}`) }) };
  if (priority === 'urgent') {
    return (
      <svg className="mark mark--urgent" viewBox="0 0 16 16" {...name}>
        <rect x="1.5" y="1.5" width="13" height="13" rx="3.5" />
        <path className="mark__cut" d="M8 4.6v4.1M8 11.2v.2" />
      </svg>
    );
  }
  return (
    <svg className={`mark mark--${priority}`} viewBox="0 0 16 16" {...name}>
      {[0, 1, 2].map((bar) => (
        <rect key={bar} className={bar < BARS[priority] ? 'mark__bar' : 'mark__bar mark__bar--off'} x={2 + bar * 4.5} y={9 - bar * 3} width="3" height={5 + bar * 3} rx="1" />
      ))}
    </svg>
  );
}

const ARC: Partial<Record<Status, string>> = {
  open: 'M8 4.75a3.25 3.25 0 0 1 0 6.5z',
  solved: 'm5.3 8.2 1.900 1.900 3.600-3.900',
  closed: 'm5.3 8.2 1.900 1.900 3.600-3.900',
};

export function StatusMark({ status }: { status: Status }) {
  return (
    <svg className={`mark status status--${status}`} viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6.1" />
      {(status === 'pending' || status === 'on_hold') && <path className="status__bars" d="M6.4 5.9v4.2M9.6 5.9v4.2" />}
      {status === 'open' && <path className="status__half" d={ARC.open} />}
      {(status === 'solved' || status === 'closed') && <path className="status__tick" d={ARC.solved} />}
    </svg>
  );
}

const CHANNEL_ICONS: Record<Channel, typeof IconMail> = { email: IconMail, web: IconWeb, api: IconApi, phone: IconPhone };

export function ChannelGlyph({ channel }: { channel: Channel }) {
  const t = useT();
  const Icon = CHANNEL_ICONS[channel];
  return <Icon className="glyph" size={14} stroke={1.6} role="img" aria-label={t(`channel.${channel}`)} />;
}
