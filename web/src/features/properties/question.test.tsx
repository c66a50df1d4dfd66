// A ticket that was a question of the community says so, and an answer on it is posted there in one step.
import { act, configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { PostAnswer } from './post-answer';
import { Question } from './question';
import { network, renderInDesk } from '@/lib/testing/desk';
import { message, ticket } from '@/lib/testing/examples';

configure({ asyncUtilTimeout: 5000 }); // words are fetched with the page

const at = '/v1/tickets/tic_1/question';
const asked = { ...ticket, channel: 'web' as const };
const thread = { question: { title: 'How do I pay?', address: '/help/en/community/7-how', answers: 2, accepted: null, locked: true, state: 'visible' }, answers: [] };

test('the question stands beside the ticket that it became, and no other ticket asks for one', async () => {
  const net = network({ [`GET ${at}`]: () => ({ body: { thread } }) });
  const both = (
    <>
      <Question ticket={{ ...ticket, id: 'tic_2' }} />
      <Question ticket={asked} />
    </>
  );
  await act(() => renderInDesk(both, net));
  expect((await screen.findByRole('link', { name: 'How do I pay?' })).getAttribute('href')).toBe('/help/en/community/7-how');
  expect(screen.getByText('2 answers · Locked')).toBeDefined();
  expect(net.calls.filter(({ path }) => path.endsWith('/question')).map(({ path }) => path)).toEqual([at]);
});

test('an answer is posted for all with the words that were left in it, and a refusal keeps them', async () => {
  let refuses = true;
  const net = network({ [`POST ${at}/answers`]: () => (refuses ? { status: 409, body: { code: 'conflict', detail: 'It has not left yet.' } } : { body: { question_id: 'q', answer_id: 'a' } }) });
  let closed = 0;
  await act(() => renderInDesk(<PostAnswer ticketId="tic_1" message={message('msg_1', '2026-11-01T10:00:00.000Z')} onClose={() => (closed += 1)} />, net));
  const words = await screen.findByLabelText<HTMLTextAreaElement>('Answer');
  expect(words.value).toBe('text of msg_1');
  await userEvent.type(words, ' for all');
  const post = screen.getByRole('button', { name: 'Post as answer', hidden: true });
  await userEvent.click(post);
  expect((await screen.findByRole('alert', { hidden: true })).textContent).toContain('It has not left yet.');
  expect(closed).toBe(0);
  refuses = false;
  await userEvent.click(post);
  await waitFor(() => expect(closed).toBe(1));
  expect(net.calls.at(-1)?.body).toEqual({ message_id: 'msg_1', body: 'text of msg_1 for all' });
});
