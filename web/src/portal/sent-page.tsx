// After sending: the number, what happens next, and the way to the request.
import type { RequestOpened } from '@/lib/api/types';
import { moment, stillAhead } from '@/lib/time/format';
import { Notice } from './frame';
import { requestPath } from './place';
import { usePortal } from './context';

interface SentPageProps {
  opened: RequestOpened;
  email: string;
  onAgain: () => void;
}

export function SentPage({ opened, email, onAgain }: SentPageProps) {
  const { t, language } = usePortal();
  const { ticket, access_token: token } = opened;
  const by = stillAhead(ticket.expected_reply_by);
  return (
    <Notice tone="good" title={t('sent.title')}>
      <p className="number">{t('sent.number', { number: ticket.number })}</p>
      <section className="next">
        <h2>{t('sent.next')}</h2>
        <ol>
          <li>{t('sent.mail', { email })}</li>
          <li>{by ? t('sent.replyBy', { at: moment(by, language) }) : t('sent.reply')}</li>
          <li>{t('sent.link')}</li>
        </ol>
      </section>
      <div className="actions">
        <a className="button button--main" href={requestPath(ticket.id, token)}>
          {t('sent.open')}
        </a>
        <button type="button" className="button" onClick={onAgain}>
          {t('sent.another')}
        </button>
      </div>
    </Notice>
  );
}
