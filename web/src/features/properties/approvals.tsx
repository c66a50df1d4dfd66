// Whose yes a ticket waits for: what each was asked, what they said, my own answer, and asking somebody.
import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { IconCheck, IconClock, IconClose, IconPlus } from '@/components/icons';
import { Section } from './section';
import { useWords } from '@/components/aside-words';
import { useRefused } from './use-refused';
import type { Approval, Ticket } from '@/lib/api/types';
import { useAnswerApproval, useWithdrawApproval, type Verdict } from '@/lib/data/approvals';
import { useMe, useNames } from '@/lib/data/directory';
import { useLanguage } from '@/lib/i18n/use-t';
import { useNow } from '@/lib/time/clock';
import { moment } from '@/lib/time/format';
import '@/components/form.css';
import './aside.css';

const AskApproval = lazy(async () => ({ default: (await import('./ask-approval')).AskApproval }));

export function Approvals({ ticket }: { ticket: Ticket }) {
  const w = useWords();
  const [asking, setAsking] = useState(false);
  const { approvals } = ticket;
  const closed = ticket.status === 'closed';
  if (closed && approvals.length === 0) return null;
  const pending = approvals.filter(({ state }) => state === 'pending').length;
  return (
    <Section name="approvals" title={w('approval.title')} note={approvals.length > 0 ? w('approval.pendingCount', { count: pending }) : undefined} open={approvals.length > 0}>
      {approvals.length === 0 && <p className="aside__teach">{w('approval.teach')}</p>}
      <ul className="aside__list">
        {approvals.map((approval) => (
          <li key={approval.id}>
            <ApprovalItem ticket={ticket} approval={approval} />
          </li>
        ))}
      </ul>
      {!closed && (
        <button type="button" className="properties__add" onClick={() => setAsking(true)}>
          <IconPlus size={14} aria-hidden="true" /> {w('approval.ask')}
        </button>
      )}
      <Suspense>{asking && <AskApproval ticket={ticket} onClose={() => setAsking(false)} />}</Suspense>
    </Section>
  );
}

interface ApprovalProps {
  ticket: Ticket;
  approval: Approval;
}

function ApprovalItem({ ticket, approval }: ApprovalProps) {
  const w = useWords();
  const now = useNow();
  const language = useLanguage();
  const names = useNames();
  const { data: me } = useMe();
  const refused = useRefused();
  const withdraw = useWithdrawApproval(ticket.id, approval.id);
  const asker = names.agent(approval.asked_by);
  const pending = approval.state === 'pending';
  const late = pending && approval.due_at !== null && Date.parse(approval.due_at) < now;
  const mine = approval.approvers.find(({ kind, id }) => kind === 'agent' && id === me?.id);
  const mayWithdraw = pending && (approval.asked_by === me?.id || me?.role === 'supervisor' || me?.role === 'admin');
  return (
    <div className="approval">
      <p className="approval__head">
        <span className={`approval__state approval__state--${approval.state}`}>{w(`approval.state.${approval.state}`)}</span>
        {asker !== null && <span className="approval__by">{w('approval.askedBy', { name: asker })}</span>}
      </p>
      <p className="approval__question" dir="auto">
        {approval.question}
      </p>
      <ul className="approval__people">
        {approval.approvers.map((one) => (
          <li key={`${one.kind}-${one.id}`} className="approval__person">
            {one.verdict === 'approved' ? (
              <IconCheck className="approval__yes" size={14} role="img" aria-label={w('approval.said.approved')} />
            ) : one.verdict === 'declined' ? (
              <IconClose className="approval__no" size={14} role="img" aria-label={w('approval.said.declined')} />
            ) : (
              <IconClock className="approval__open" size={14} role="img" aria-label={w('approval.said.open')} />
            )}
            <span dir="auto">
              {one.name ?? one.email ?? names.agent(one.id) ?? one.id}
              {one.comment !== null && one.comment !== '' && <span className="approval__comment"> — {one.comment}</span>}
            </span>
          </li>
        ))}
      </ul>
      {pending && (
        <p className="approval__rule">
          {approval.approvers.length > 1 && w(`approval.mode.${approval.mode}`)}
          {approval.due_at !== null && <span className={late ? 'approval__late' : undefined}> {w('approval.due', { at: moment(approval.due_at, language) })}</span>}
          {mayWithdraw && (
            <button type="button" className="link" disabled={withdraw.isPending} onClick={() => withdraw.mutate(undefined, { onError: refused })}>
              {w('approval.withdraw')}
            </button>
          )}
        </p>
      )}
      {pending && mine && <MyAnswer key={mine.verdict} ticket={ticket} approval={approval} said={mine.verdict} />}
    </div>
  );
}

function MyAnswer({ ticket, approval, said }: ApprovalProps & { said: Verdict | null }) {
  const w = useWords();
  const refused = useRefused();
  const [comment, setComment] = useState('');
  const answer = useAnswerApproval(ticket.id, approval.id);
  const say = (verdict: Verdict): void => answer.mutate({ verdict, comment: comment.trim() }, { onError: refused });
  return (
    <div className="approval__mine">
      <input className="input" aria-label={w('approval.comment')} placeholder={w('approval.comment')} maxLength={500} value={comment} onChange={({ target }) => setComment(target.value)} />
      <div className="aside__acts">
        {said !== 'approved' && (
          <Button size="compact-sm" loading={answer.isPending} onClick={() => say('approved')}>
            {w('approval.approve')}
          </Button>
        )}
        {said !== 'declined' && (
          <Button size="compact-sm" variant="default" disabled={answer.isPending} onClick={() => say('declined')}>
            {w('approval.decline')}
          </Button>
        )}
      </div>
    </div>
  );
}
