// Who takes part beside the requester: they get every answer by mail and may write to the ticket.
import { useState } from 'react';
import { Avatar } from '@/components/avatar';
import { IconClose } from '@/components/icons';
import { Section } from './section';
import { ApiError } from '@/lib/api/problem';
import type { Ticket } from '@/lib/api/types';
import { useParticipants } from '@/lib/data/participants';
import { useT } from '@/lib/i18n/use-t';
import { nameOf } from '@/lib/tickets/views';
import { toast } from '@/lib/toasts';

export function Participants({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const [address, setAddress] = useState('');
  const failed = (error: Error): void => {
    toast(t('property.ccFailed', { detail: error instanceof ApiError && !error.offline ? error.detail : '' }).trim(), null, 'problem');
  };
  const { add, remove } = useParticipants(ticket.id, failed);
  const closed = ticket.status === 'closed';
  return (
    <Section name="cc" title={t('property.cc')} note={ticket.participants.length > 0 ? ticket.participants.length : undefined}>
      <ul className="cc">
        {ticket.participants.map((person) => (
          <li key={person.id} className="person">
            <Avatar name={nameOf(person)} seed={person.id} kind="requester" size={24} />
            <div className="person__text">
              <span className="person__name" dir="auto">
                {nameOf(person)}
              </span>
              {person.name !== null && person.email !== null && <span className="person__mail">{person.email}</span>}
              {person.undeliverable && <span className="cc__undeliverable">{t('property.undeliverable')}</span>}
            </div>
            {!closed && (
              <button type="button" className="tag__remove cc__remove" aria-label={t('property.ccRemove', { name: nameOf(person) })} onClick={() => remove(person)}>
                <IconClose size={14} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {!closed && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const email = address.trim();
            if (email === '') return;
            add(email, () => setAddress(''));
          }}
        >
          <input
            type="email"
            className="cc__input"
            aria-label={t('property.ccAdd')}
            placeholder={t('property.ccAdd')}
            autoComplete="off"
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
        </form>
      )}
    </Section>
  );
}
