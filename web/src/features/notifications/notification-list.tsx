// What I was told, newest first: each line leads to what it is about.
import { Link } from 'react-router';
import { RelativeTime } from '@/components/relative-time';
import type { Notification } from '@/lib/api/types';
import { useNames } from '@/lib/data/directory';
import { useNotifications, useRead } from '@/lib/data/notifications';
import { useT } from '@/lib/i18n/use-t';
import { DEFAULT_VIEW, ticketPath } from '@/lib/tickets/views';

/** What happened, in words. */
function useTold(): (told: Notification) => string {
  const t = useT();
  const names = useNames();
  return ({ kind, actor }) => {
    const name = actor.name ?? names.agent(actor.id);
    const who = actor.kind === 'system' ? t('event.desk') : name === null ? t('event.someAgent') : t('person', { name });
    return t(`notification.kind.${kind}`, { who });
  };
}

function pathOf({ kind, ticket_id: ticket, message_id: message }: Notification): string {
  if (kind === 'hand_over_asked') return '/team';
  const path = ticketPath(ticket, DEFAULT_VIEW);
  return message === null ? path : `${path}#m-${message}`;
}

export function NotificationList({ onClose }: { onClose: () => void }) {
  const t = useT();
  const told = useTold();
  const { data, isError } = useNotifications();
  const read = useRead();
  const open = (item: Notification): void => {
    if (item.read_at === null) read({ id: item.id });
    onClose();
  };
  return (
    <div className="notifications">
      <div className="notifications__head">
        <h2 className="notifications__title">{t('notification.bell')}</h2>
        {data !== undefined && data.unread > 0 && (
          <button type="button" className="notifications__all" onClick={() => read('all')}>
            {t('notification.readAll')}
          </button>
        )}
      </div>
      {data === undefined && isError && <p className="notifications__none">{t('notification.failed')}</p>}
      {data?.items.length === 0 && <p className="notifications__none">{t('notification.none')}</p>}
      <ul className="notifications__list">
        {data?.items.map((item) => (
          <li key={item.id}>
            <Link className={item.read_at === null ? 'told told--unread' : 'told'} to={pathOf(item)} onClick={() => open(item)}>
              <span className="told__what" dir="auto">
                {told(item)}
              </span>
              <RelativeTime className="told__time" at={item.at} />
              <span className="told__ticket" dir="auto">
                #{item.number} {item.subject}
              </span>
              {item.read_at === null && (
                <span className="told__dot">
                  <span className="visually-hidden">{t('notification.isUnread')}</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
