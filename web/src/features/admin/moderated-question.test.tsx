// A moderator reaches any question by its address, and does there what the queue does not offer.
import { act, configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Navigate, Route, Routes } from 'react-router';
import { expect, test } from 'vitest';
import { ModeratedQuestion } from './moderated-question';
import { Moderation } from './moderation';
import { network, renderInDesk } from '@/lib/testing/desk';

configure({ asyncUtilTimeout: 5000 }); // words are fetched with the page

const AT = '2026-11-01T10:00:00.000Z';
const author = { kind: 'person', id: 'p1', name: 'Ann' };
const post = { id: 'q1', author, at: AT, edited_at: null, body: 'By card?', html: '<p>By card?</p>', state: 'visible', why: null, score: 0, reports: 0, revisions: 0, official: false, accepted: false, message_id: null };
const PAST = { number: 1, title: 'Pay?', body: 'By card?', by: { kind: 'agent', id: 'x1', name: 'The desk' }, at: AT, changes: [{ change: 'removed', text: 'Pay?' }, { change: 'added', text: 'How do I pay?' }] };
const question = { id: 'q1', number: 12, title: 'How do I pay?', address: '/help/en/community/12-how', topic: null, locked: false, answers: 1, accepted: null, state: 'visible', active_at: AT };
const thread = { question, post: { ...post, revisions: 1 }, answers: [{ ...post, id: 'a1', body: 'So.', html: '<p>So.</p>' }] };

test('a question is opened by its address, and locked, moved, edited and solved there', async () => {
  const answer = () => ({ body: thread });
  const net = network({
    'GET /v1/community-queue': () => ({ body: { items: [], next_cursor: null } }),
    'GET /v1/community-questions': () => ({ body: { items: [question], next_cursor: null } }),
    'GET /v1/sections': () => ({ body: { items: [{ id: 'money', names: { en: 'Money' }, descriptions: {}, version: 1 }] } }),
    'GET /v1/community-questions/12': answer,
    'GET /v1/community-questions/q1/posts/q1/revisions': () => ({ body: { items: [PAST] } }),
    'GET /v1/brands': () => ({ body: { items: [{ id: 'acme', names: { en: 'Acme' }, version: 1 }] } }),
    'POST /v1/community-questions/q1/act': answer,
    'PUT /v1/community-questions/q1/accepted': answer,
    'PATCH /v1/community-questions/q1/posts/q1': answer,
  });
  const pages = (
    <Routes>
      <Route path="/admin/moderation" element={<Moderation />} />
      <Route path="/admin/moderation/:id" element={<ModeratedQuestion />} />
      <Route path="*" element={<Navigate to="/admin/moderation" />} />
    </Routes>
  );
  await act(() => renderInDesk(pages, net));
  await userEvent.selectOptions(await screen.findByLabelText('Brand'), 'acme');
  await userEvent.selectOptions(screen.getByLabelText('Which questions'), 'unanswered');
  await waitFor(() => expect(net.calls.filter(({ path }) => path === '/v1/community-questions')).toHaveLength(3));
  await userEvent.type(await screen.findByLabelText('A question by its address or number'), 'https://desk.test/help/ko/community/12-how{Enter}');
  await userEvent.click(await screen.findByRole('button', { name: 'Lock' }));
  await screen.findByRole('option', { name: 'Money' });
  await userEvent.selectOptions(screen.getByLabelText('Topic'), 'money');
  await userEvent.click(screen.getByRole('button', { name: 'This solved it' }));
  await userEvent.click(screen.getByRole('button', { name: 'Changed once' }));
  expect((await screen.findByText('Pay?')).tagName).toBe('DEL');
  expect(screen.getByText(/The desk changed it/)).toBeTruthy();
  await userEvent.click(within(screen.getByRole('article', { name: 'Question' })).getByRole('button', { name: 'Edit' }));
  await userEvent.type(screen.getByLabelText('Title'), '!');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByLabelText('Title')).toBeNull());
  const sent = net.calls.filter(({ method }) => method !== 'GET').map(({ method, body }) => [method, body]);
  expect(sent).toEqual([
    ['POST', { act: 'lock' }],
    ['POST', { act: 'move', topic: 'money' }],
    ['PUT', { answer_id: 'a1' }],
    ['PATCH', { title: 'How do I pay?!', body: 'By card?' }],
  ]);
});
