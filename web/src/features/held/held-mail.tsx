// One mail that was held back, made safe to look at, and what can be done with it.
import { Button, useComputedColorScheme } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { Dialog } from '@/components/dialog';
import { EmptyState } from '@/components/empty-state';
import { IconAlert, IconBack, IconClose, IconFile, IconHeld } from '@/components/icons';
import { MailFrame } from '@/components/mail-frame';
import { RelativeTime } from '@/components/relative-time';
import { RichText } from '@/components/rich-text';
import { senderOf, verdictsOf } from './held-words';
import { ApiError } from '@/lib/api/problem';
import type { HeldMailPreview, Released } from '@/lib/api/types';
import { useHeldActs, useHeldMail, useHeldMails, type Act } from '@/lib/data/held';
import { flat } from '@/lib/data/pages';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { reasonsOf } from '@/lib/tickets/held-reasons';
import { DEFAULT_VIEW, heldPath, ticketPath } from '@/lib/tickets/views';
import { fileSize } from '@/lib/time/format';
import { toast } from '@/lib/toasts';
import './held.css';

interface HeldMailProps {
  id: string;
  /** The list is not on the screen: a way back has to be. */
  alone: boolean;
  onBack: () => void;
}

/** Mount it with the mail's id as key. */
export function HeldMail({ id, alone, onBack }: HeldMailProps) {
  const t = useT();
  const { data: mail, error } = useHeldMail(id);
  if (mail) return <Shown mail={mail} alone={alone} onBack={onBack} />;
  if (!error) return <div className="held" aria-busy="true" />;
  const gone = error instanceof ApiError && error.status === 404;
  return (
    <EmptyState
      icon={<IconClose size={22} stroke={1.6} />}
      title={t(gone ? 'held.goneTitle' : 'held.failedTitle')}
      text={t(gone ? 'held.goneText' : 'ticket.failedText')}
      action={<Button variant="default" onClick={onBack}>{t('held.back')}</Button>}
    />
  );
}

/** What follows once this mail is dealt with: the one below it, else the one above, else the list. */
function useNext(id: string): () => void {
  const navigate = useNavigate();
  const { data } = useHeldMails();
  const mails = flat(data);
  const at = mails.findIndex((mail) => mail.id === id);
  const next = mails[at + 1] ?? mails[at - 1];
  return () => void navigate(heldPath(at < 0 ? undefined : next?.id), { replace: true });
}

function Shown({ mail, alone, onBack }: { mail: HeldMailPreview; alone: boolean; onBack: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const next = useNext(mail.id);
  const [deleting, setDeleting] = useState(false);
  const sender = senderOf(mail, t);
  const tooLarge = mail.reasons.includes('too_large');
  const letIn = (released: Released | null): void => {
    const ticket = released?.ticket_id ?? null;
    toast(t('held.letIn'), ticket === null ? null : { label: t('held.openTicket'), run: () => void navigate(ticketPath(ticket, DEFAULT_VIEW)) });
  };
  const { act, busy } = useHeldActs(mail.id, {
    done: (kind: Act, released) => {
      if (kind === 'release') letIn(released);
      else toast(kind === 'block' ? t('held.blocked', { sender: mail.sender ?? sender }) : t('held.deleted'));
      if (kind !== 'block') next();
    },
    failed: (_kind, error) => {
      const said = error instanceof ApiError && !error.offline ? error.detail : '';
      toast(t('held.failed', { detail: said }).trim(), null, 'problem');
    },
  });
  const release = (): void => {
    if (!tooLarge && !busy) act('release');
  };
  const block = (): void => {
    if (mail.sender !== null && !busy) act('block');
  };
  useHotkeys([
    { keys: 'i', run: release },
    { keys: 'b', run: block },
    { keys: '#', run: () => setDeleting(true) },
  ]);
  return (
    <article className="held" aria-label={mail.subject ?? t('held.noSubject')}>
      <header className="held__head">
        {alone && (
          <button type="button" className="icon-button" aria-label={t('held.back')} onClick={onBack}>
            <IconBack size={20} stroke={1.6} />
          </button>
        )}
        <div className="held__text">
          <h2 className="held__subject" dir="auto">
            {mail.subject ?? t('held.noSubject')}
          </h2>
          <p className="held__from">
            <span dir="auto">{sender}</span>
            {mail.sender !== null && mail.sender !== sender && <span className="held__address">{mail.sender}</span>}
            <RelativeTime at={mail.received_at} />
          </p>
        </div>
        <div className="held__acts">
          <Button disabled={busy || tooLarge} title={tooLarge ? t('held.tooLarge') : 'i'} onClick={release}>
            {t('held.release')}
          </Button>
          <Button variant="default" disabled={busy || mail.sender === null} title="b" onClick={block}>
            {t('held.block')}
          </Button>
          <Button variant="default" className="held__delete" disabled={busy} title="#" onClick={() => setDeleting(true)}>
            {t('held.delete')}
          </Button>
        </div>
      </header>
      <div className="held__scroll">
        <Why mail={mail} />
        <Body mail={mail} sender={sender} />
        <Files mail={mail} />
        <Verdicts mail={mail} />
      </div>
      {deleting && (
        <Dialog title={t('held.deleteTitle')} onClose={() => setDeleting(false)}>
          <div className="held__confirm">
            <p>{t('held.deleteText', { sender })}</p>
            <div className="held__acts">
              <Button variant="default" onClick={() => setDeleting(false)}>
                {t('held.keep')}
              </Button>
              <Button
                color="red"
                className="held__delete-now"
                onClick={() => {
                  setDeleting(false);
                  act('remove');
                }}
              >
                {t('held.deleteThis')}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </article>
  );
}

function Why({ mail }: { mail: HeldMailPreview }) {
  const t = useT();
  return (
    <div className="held__why">
      <IconAlert size={16} stroke={1.7} aria-hidden="true" />
      <p>
        <strong>{reasonsOf(mail, t).join(' · ')}</strong>
        <span className="held__to">{t('held.to', { recipients: mail.recipients.join(', ') })}</span>
      </p>
    </div>
  );
}

function Body({ mail, sender }: { mail: HeldMailPreview; sender: string }) {
  const t = useT();
  const dark = useComputedColorScheme('light') === 'dark';
  if (mail.body_html !== null) return <div className="held__body"><MailFrame html={mail.body_html} title={t('message.frame', { name: sender })} dark={dark} /></div>;
  if (mail.body_text === null || mail.body_text.trim() === '') return <p className="held__none">{t(mail.body_text === null ? 'held.notRead' : 'held.noText')}</p>;
  return (
    <div className="held__body">
      <RichText text={mail.body_text} />
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="held__part">
      <h3 className="held__title">{title}</h3>
      {children}
    </section>
  );
}

function Files({ mail }: { mail: HeldMailPreview }) {
  const t = useT();
  const language = useLanguage();
  const files = mail.attachments.filter((file) => !file.inline);
  if (files.length === 0) return null;
  return (
    <Part title={t('held.files')}>
      <ul className="held__files">
        {files.map((file, index) => (
          <li key={`${index}-${file.filename ?? ''}`}>
            <IconFile size={16} stroke={1.6} aria-hidden="true" />
            <span className="held__file">{file.filename ?? file.content_type}</span>
            <span className="held__size">{fileSize(file.size, language)}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Verdicts({ mail }: { mail: HeldMailPreview }) {
  const t = useT();
  const verdicts = verdictsOf(mail);
  if (verdicts.length === 0) return null;
  return (
    <Part title={t('held.checks')}>
      <dl className="held__checks">
        {verdicts.map(({ check, result }) => (
          <div key={check} className={`held__check held__check--${result}`}>
            <dt>{t(`held.check.${check}`)}</dt>
            <dd>{t(`held.result.${result}`)}</dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

export function NoHeldMail() {
  const t = useT();
  const { data } = useHeldMails();
  const any = data === undefined || data.pages.some(({ items }) => items.length > 0);
  return <EmptyState icon={<IconHeld size={22} stroke={1.6} />} title={t('held.noneTitle')} text={t(any ? 'held.noneText' : 'held.noneYetText')} />;
}
