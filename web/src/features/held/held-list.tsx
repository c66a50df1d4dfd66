// The list of mail that was held back: who, what, why, when.
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { Failed } from '@/components/failed';
import { EmptyState } from '@/components/empty-state';
import { IconHeld } from '@/components/icons';
import { RelativeTime } from '@/components/relative-time';
import { senderOf } from './held-words';
import type { HeldMail } from '@/lib/api/types';
import { useHeldMails } from '@/lib/data/held';
import { flat } from '@/lib/data/pages';
import { useT } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { reasonsOf } from '@/lib/tickets/held-reasons';
import { heldPath } from '@/lib/tickets/views';
import './held.css';

function Row({ mail, open }: { mail: HeldMail; open: boolean }) {
  const t = useT();
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (open) link.current?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  return (
    <li>
      <Link ref={link} className="held-row" to={heldPath(mail.id)} aria-current={open ? 'true' : undefined}>
        <span className="held-row__line">
          <span className="held-row__who" dir="auto">
            {senderOf(mail, t)}
          </span>
          <RelativeTime className="held-row__time" at={mail.received_at} />
        </span>
        <span className="held-row__subject" dir="auto">
          {mail.subject ?? t('held.noSubject')}
        </span>
        <span className="held-row__why">{reasonsOf(mail, t).join(' · ')}</span>
      </Link>
    </li>
  );
}

interface HeldListProps {
  openId: string | null;
  onOpen: (id: string) => void;
}

export function HeldList({ openId, onOpen }: HeldListProps) {
  const t = useT();
  const { data, isError, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useHeldMails();
  const mails = flat(data);
  const walk = (step: number): void => {
    const next = mails[Math.max(0, Math.min(mails.length - 1, mails.findIndex((mail) => mail.id === openId) + step))];
    if (next) onOpen(next.id);
  };
  useHotkeys([
    { keys: 'j', run: () => walk(1) },
    { keys: 'k', run: () => walk(-1) },
  ]);
  if (isError && !data) {
    return (
      <Failed title={t('list.failedTitle')} text={t('list.failedText')} again={() => void refetch()} />
    );
  }
  if (data && mails.length === 0) return <EmptyState icon={<IconHeld size={22} stroke={1.6} />} title={t('held.emptyTitle')} text={t('held.emptyText')} />;
  return (
    <div className="held-list">
      <ul className="held-list__rows" aria-label={t('held.title')} aria-busy={data === undefined}>
        {mails.map((mail) => (
          <Row key={mail.id} mail={mail} open={mail.id === openId} />
        ))}
      </ul>
      {hasNextPage && (
        <button type="button" className="link held-list__more" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('held.more')}
        </button>
      )}
    </div>
  );
}
