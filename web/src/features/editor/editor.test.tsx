import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, test } from 'vitest';
import { Editor } from './editor';
import { holdFor } from './hold';
import { readDraft } from '@/lib/data/drafts';
import { holdAnswers } from '@/lib/data/habits';
import { network, renderInDesk, type Answers } from '@/lib/testing/desk';
import { me, message, ticket } from '@/lib/testing/examples';
import { currentToasts } from '@/lib/toasts';

const POST = 'POST /v1/tickets/tic_1/messages';

async function write(answers: Answers, newest: string | null = null) {
  const net = network(answers);
  const shown = await renderInDesk(<Editor ticket={ticket} me={me} latest={null} newest={newest} />, net);
  return { ...shown, posts: () => net.calls.filter((call) => call.method === 'POST') };
}
const sent = () => ({ status: 201, body: message('m1', ticket.created_at) });

describe('the editor', () => {
  test('sends a reply with Ctrl-Enter and is empty again', async () => {
    const { posts } = await write({ [POST]: sent });
    await userEvent.type(screen.getByRole('textbox', { name: 'Reply' }), 'Hello{Control>}{Enter}{/Control}');
    await waitFor(() => expect(posts()[0]?.body).toEqual({ body: 'Hello', visibility: 'public' }));
    expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('');
    await waitFor(() => expect(readDraft('tic_1', 'public')).toBe(''));
  });
  test('sends and solves with Ctrl-Shift-Enter', async () => {
    const { posts } = await write({ [POST]: sent });
    await userEvent.type(screen.getByRole('textbox'), 'Done{Control>}{Shift>}{Enter}{/Shift}{/Control}');
    await waitFor(() => expect(posts()[0]?.body).toMatchObject({ status: 'solved' }));
  });
  test('never sends a note to the requester', async () => {
    const { posts } = await write({ [POST]: sent });
    await userEvent.keyboard('n');
    await userEvent.type(screen.getByRole('textbox', { name: 'Internal note' }), 'secret');
    await userEvent.click(screen.getByRole('button', { name: 'Add note' }));
    await waitFor(() => expect(posts()[0]?.body).toEqual({ body: 'secret', visibility: 'internal' }));
  });
  test('keeps every word as it is typed, a reply and a note apart, across a reload', async () => {
    const { unmount } = await write({});
    await userEvent.type(screen.getByRole('textbox'), 'half a reply');
    await userEvent.click(screen.getByRole('button', { name: 'Internal note' }));
    await userEvent.type(screen.getByRole('textbox'), 'half a note');
    unmount();
    await write({});
    expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('half a reply');
    await userEvent.click(screen.getByRole('button', { name: 'Internal note' }));
    expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('half a note');
  });
  test('gives the text back when sending fails, and says so', async () => {
    await write({ [POST]: () => ({ status: 503, body: { code: 'unavailable' } }) });
    await userEvent.type(screen.getByRole('textbox'), 'Do not lose me{Control>}{Enter}{/Control}');
    await waitFor(() => expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('Do not lose me'));
    expect(readDraft('tic_1', 'public')).toBe('Do not lose me');
    expect(currentToasts().at(-1)?.tone).toBe('problem');
  });
  test('says when someone wrote while one was writing, and not before', async () => {
    const Page = () => {
      const [latest, setLatest] = useState({ id: 'm1', author: 'Ana' });
      return (
        <>
          <Editor ticket={ticket} me={me} latest={latest} newest={latest.id} />
          <button type="button" onClick={() => setLatest({ id: 'm2', author: 'Ana' })}>
            something comes in
          </button>
        </>
      );
    };
    await renderInDesk(<Page />, network({}));
    await userEvent.type(screen.getByRole('textbox'), 'My answer');
    expect(screen.queryByText(/wrote while you were writing/)).toBeNull();
    await userEvent.click(screen.getByText('something comes in'));
    expect(screen.getByText(/Ana wrote while you were writing/)).toBeDefined();
  });
  test('says which message it answers, so that nothing newer is talked over', async () => {
    const { posts } = await write({ [POST]: sent }, 'm0');
    await userEvent.type(screen.getByRole('textbox'), 'Hello{Control>}{Enter}{/Control}');
    await waitFor(() => expect(posts()[0]?.body).toMatchObject({ seen_message_id: 'm0' }));
  });
  test('gives an overtaken answer back, and sends it anyway only when told to', async () => {
    const refuse = { status: 409, body: { code: 'newer_message', message_id: 'm9' } };
    const { posts } = await write({ [POST]: ({ body }) => ((body as { confirm?: boolean }).confirm ? sent() : refuse) }, 'm0');
    await userEvent.type(screen.getByRole('textbox'), 'Solved by now{Control>}{Shift>}{Enter}{/Shift}{/Control}');
    await userEvent.click(await screen.findByRole('button', { name: 'Send anyway' }));
    await waitFor(() => expect(posts()[1]?.body).toMatchObject({ body: 'Solved by now', status: 'solved', confirm: true }));
    expect(posts()).toHaveLength(2);
    expect(screen.queryByRole('button', { name: 'Send anyway' })).toBeNull();
  });
  test('holds no answer unless its author chose so', async () => {
    const { posts } = await write({ [POST]: sent });
    await userEvent.type(screen.getByRole('textbox'), 'At once{Control>}{Enter}{/Control}');
    await waitFor(() => expect(posts()[0]?.body).not.toHaveProperty('hold_seconds'));
  });
  test('takes a held answer back into the editor, before what was written since', async () => {
    holdAnswers(true);
    const held = message('m1', ticket.created_at, { delivery: 'queued', send_at: ticket.created_at });
    const { posts } = await write({ [POST]: () => ({ status: 201, body: held }), [`${POST}/m1/undo`]: () => ({ body: { ...held, delivery: 'withdrawn' } }) });
    await userEvent.type(screen.getByRole('textbox'), 'Too early{Control>}{Enter}{/Control}');
    await waitFor(() => expect(currentToasts().at(-1)?.action?.label).toBe('Undo'));
    expect(posts()[0]?.body).toMatchObject({ hold_seconds: 10 });
    await userEvent.type(screen.getByRole('textbox'), 'And more');
    act(() => currentToasts().at(-1)?.action?.run());
    await waitFor(() => expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('Too early\n\nAnd more'));
    expect(readDraft('tic_1', 'public')).toBe('Too early\n\nAnd more');
  });
  test('waits no longer than the desk allows', () => {
    expect(holdFor({ hold_seconds: 4 }, true)).toBe(4);
    expect(holdFor({ hold_seconds: 60 }, true)).toBe(10);
    expect(holdFor({ hold_seconds: 0 }, true)).toBe(0);
  });
  test('names everyone whom an answer reaches', async () => {
    const cc = { id: 'req_2', name: 'Noor', email: 'noor@example.test', undeliverable: false, complained: false };
    await renderInDesk(<Editor ticket={{ ...ticket, participants: [cc] }} me={me} latest={null} newest={null} />, network({}));
    expect(screen.getByText('To Ana, CC Noor')).toBeDefined();
  });
  test('does not send an empty message', async () => {
    const { posts } = await write({ [POST]: sent });
    await userEvent.type(screen.getByRole('textbox'), '   {Control>}{Enter}{/Control}');
    expect(posts()).toEqual([]);
  });
});
