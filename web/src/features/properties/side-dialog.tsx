// One side conversation: what was asked and answered, who is in it, and a field to write on. The requester never sees it.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Attachments } from '@/components/attachments';
import { Avatar } from '@/components/avatar';
import { Dialog } from '@/components/dialog';
import { AttachButton } from '@/components/attach-button';
import { FileChips } from '@/components/file-chips';
import { IconClose } from '@/components/icons';
import { RelativeTime } from '@/components/relative-time';
import { RichText } from '@/components/rich-text';
import { useWords } from '@/components/aside-words';
import { useAsideDraft } from './use-aside-draft';
import { useRefused } from './use-refused';
import { unwrap } from '@/lib/api/client';
import type { Attachment, Message, Side, Ticket } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useMe, useNames } from '@/lib/data/directory';
import { useFiles } from '@/lib/data/files';
import { holdFor } from '@/lib/data/hold';
import { flat } from '@/lib/data/pages';
import { addressees, useAddAside, useCloseAside, useHeldAside, useRemoveAside, useSideMessages, useWriteAside } from '@/lib/data/sides';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { moment } from '@/lib/time/format';
import { nameOf } from '@/lib/tickets/views';
import '@/components/form.css';

interface SideProps {
  ticket: Ticket;
  side: Side;
}

/** Mount it with the conversation's id as key: what is being written belongs to one of them. */
export function SideDialog({ ticket, side, onClose }: SideProps & { onClose: () => void }) {
  const w = useWords();
  const refused = useRefused();
  const close = useCloseAside(ticket.id, side.id);
  return (
    <Dialog title={side.subject} wide onClose={onClose}>
      <p className="aside__hint">
        {w('side.onlyThem', { mark: `#${ticket.number}-${side.number}` })}
        <button type="button" className="link" disabled={close.isPending} onClick={() => close.mutate(side.state === 'open', { onError: refused })}>
          {w(side.state === 'open' ? 'side.close' : 'side.reopen')}
        </button>
      </p>
      <People ticket={ticket} side={side} />
      <Thread ticket={ticket} side={side} />
      <Answer ticket={ticket} side={side} />
    </Dialog>
  );
}

function People({ ticket, side }: SideProps) {
  const w = useWords();
  const refused = useRefused();
  const add = useAddAside(ticket.id, side.id);
  const remove = useRemoveAside(ticket.id, side.id);
  const [typed, setTyped] = useState('');
  return (
    <form
      className="aside__people"
      onSubmit={(event) => {
        event.preventDefault();
        const [one] = addressees(typed);
        if (one) add.mutate(one, { onSuccess: () => setTyped(''), onError: refused });
      }}
    >
      {side.people.map((person) => (
        <span key={person.id} className={person.undeliverable ? 'chip chip--problem' : 'chip'} title={person.email ?? undefined}>
          <span className="chip__name" dir="auto">
            {nameOf(person)}
          </span>
          {person.cc && <span className="chip__note">{w('side.cc')}</span>}
          {person.undeliverable && <span className="chip__note">{w('side.undeliverable')}</span>}
          {side.people.length > 1 && (
            <button type="button" className="chip__remove" aria-label={w('side.remove', { name: nameOf(person) })} onClick={() => remove.mutate(person.id, { onError: refused })}>
              <IconClose size={12} />
            </button>
          )}
        </span>
      ))}
      <input className="cc__input aside__add" aria-label={w('side.add')} placeholder={w('side.add')} autoComplete="off" value={typed} onChange={({ target }) => setTyped(target.value)} />
    </form>
  );
}

function Thread({ ticket, side }: SideProps) {
  const t = useT();
  const w = useWords();
  const messages = useSideMessages(ticket.id, side);
  const box = useRef<HTMLDivElement>(null);
  const letters = flat(messages.data)
    .filter(({ delivery }) => delivery !== 'withdrawn')
    .toReversed();
  const newest = letters.at(-1)?.id;
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [newest]);
  return (
    // A scrolling region has to be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="aside__thread" ref={box} tabIndex={0} role="region" aria-label={w('side.thread')} aria-busy={messages.data === undefined}>
      {messages.hasNextPage && (
        <button type="button" className="link" onClick={() => void messages.fetchNextPage()}>
          {t('conversation.earlier')}
        </button>
      )}
      {messages.isError && messages.data === undefined && <p className="aside__teach">{w('side.notLoaded')}</p>}
      {letters.map((message) => (
        <Letter key={message.id} ticket={ticket} side={side} message={message} />
      ))}
    </div>
  );
}

function Letter({ ticket, side, message }: SideProps & { message: Message }) {
  const t = useT();
  const { api } = useDesk();
  const language = useLanguage();
  const names = useNames();
  const { data: me } = useMe();
  const refused = useRefused();
  const held = useHeldAside(ticket.id, side.id);
  const { author } = message;
  const person = side.people.find(({ id }) => id === author.id);
  const name = author.name ?? (person ? nameOf(person) : (names.agent(author.id) ?? t('event.desk')));
  const linkOf = async (file: Attachment): Promise<string> => {
    const path = { id: ticket.id, side_id: side.id, message_id: message.id, attachment_id: file.id };
    return (await unwrap(api.GET('/v1/tickets/{id}/side-conversations/{side_id}/messages/{message_id}/attachments/{attachment_id}', { params: { path } }))).url;
  };
  const waits = typeof message.send_at === 'string' && message.delivery === 'queued' ? message.send_at : null;
  return (
    <article className="aside__letter">
      <Avatar name={name} seed={author.id} kind={author.kind === 'agent' ? 'agent' : 'requester'} size={24} />
      <div className="aside__letter-text">
        <header className="aside__letter-head">
          <span className="message__author" dir="auto">
            {name}
          </span>
          {message.delivery !== null && message.delivery !== 'queued' && <span className="message__via">{t(`message.delivery.${message.delivery}`)}</span>}
          <RelativeTime className="aside__when" at={message.at} />
        </header>
        {waits !== null && (
          <p className="aside__hint">
            {t('planned.at', { at: moment(waits, language) })}
            {author.id === me?.id && (
              <>
                <button type="button" className="link" onClick={() => held.mutate({ message: message.id, go: 'send' }, { onError: refused })}>
                  {t('planned.now')}
                </button>
                <button type="button" className="link" onClick={() => held.mutate({ message: message.id, go: 'undo' }, { onError: refused })}>
                  {t('planned.cancel')}
                </button>
              </>
            )}
          </p>
        )}
        <RichText text={message.body_text} />
        <Attachments attachments={message.attachments} linkOf={linkOf} />
      </div>
    </article>
  );
}

function Answer({ ticket, side }: SideProps) {
  const t = useT();
  const w = useWords();
  const { data: me } = useMe();
  const refused = useRefused();
  const write = useWriteAside(ticket.id, side.id);
  const draft = useAsideDraft(ticket.id, side.id);
  const { files, add, remove, clear } = useFiles();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const ready = draft.body.trim() !== '' && files.every((file) => file.uploadId !== null) && !write.isPending;
  const send = (): void => {
    if (!ready) return;
    const hold = me ? holdFor(me) : 0;
    const body = { body: draft.body.trim(), attachments: files.flatMap(({ uploadId }) => (uploadId === null ? [] : [uploadId])), ...(hold > 0 ? { hold_seconds: hold } : {}) };
    const onSuccess = (): void => {
      draft.clear();
      clear();
      setKey(crypto.randomUUID());
    };
    write.mutate({ key, body }, { onSuccess, onError: refused });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  };
  return (
    <div className="aside__answer">
      <textarea className="input aside__field" data-autofocus rows={4} aria-label={w('side.write')} placeholder={w('side.write')} maxLength={50_000} value={draft.body} onChange={({ target }) => draft.type('body', target.value)} onKeyDown={onKeyDown} />
      <FileChips files={files} onRemove={remove} />
      <div className="aside__acts">
        <AttachButton onFiles={add} />
        <span className="aside__kept">{draft.body === '' ? '' : t('editor.saved')}</span>
        <Button size="compact-md" disabled={!ready} loading={write.isPending} onClick={send}>
          {w(side.state === 'closed' ? 'side.sendAndReopen' : 'side.send')}
        </Button>
      </div>
    </div>
  );
}
