// The question of the community that a ticket was, because nobody answered it there in time: where it stands by now.
import { Section } from './section';
import { useWords } from '@/components/aside-words';
import type { Ticket } from '@/lib/api/types';
import { useTicketQuestion } from '@/lib/data/question';
import './aside.css';

export function Question({ ticket }: { ticket: Ticket }) {
  const w = useWords();
  const { data: thread } = useTicketQuestion(ticket);
  if (!thread) return null;
  const { question, answers } = thread;
  const posted = answers.some(({ official, state }) => official && state === 'visible');
  const facts = [
    question.state === 'visible' ? w(question.answers === 0 ? 'question.unanswered' : 'question.answers', { count: question.answers }) : w(`question.${question.state}`),
    question.accepted === null ? '' : w('question.solved'),
    question.locked ? w('question.locked') : '',
  ].filter((one) => one !== '');
  return (
    <Section name="question" title={w('question.title')}>
      <a className="link ticket-line__subject" dir="auto" title={question.title} href={question.address} target="_blank" rel="noopener">
        {question.title}
      </a>
      <p className="aside__hint">{facts.join(' · ')}</p>
      <p className="aside__teach">{w(posted ? 'question.posted' : 'question.teach')}</p>
    </Section>
  );
}
