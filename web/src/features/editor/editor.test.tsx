import { act, configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef, useState } from 'react';
import { beforeEach, describe, expect, test } from 'vitest';
import { Editor, EditorToCome } from './editor';
import type { Visibility } from '@/lib/api/types';
import { holdFor } from '@/lib/data/hold';
import { readDraft } from '@/lib/data/drafts';
import { setHabit } from '@/lib/data/habits';
import { network, renderInDesk, type Answers } from '@/lib/testing/desk';
import { me, message, ticket } from '@/lib/testing/examples';
import { currentToasts } from '@/lib/toasts';

configure({ asyncUtilTimeout: 5000 }); // the slash menu is fetched

const POST = 'POST /v1/tickets/tic_1/messages';

async function write(answers: Answers, newest: string | null = null) {
  const net = network(answers);
  const shown = await renderInDesk(<Editor ticket={ticket} me={me} latest={null} newest={newest} />, net);
  return { ...shown, posts: () => net.calls.filter((call) => call.method === 'POST' && !call.path.startsWith('/v1/macros/')) };
}
const sent = () => ({ status: 201, body: message('m1', ticket.created_at) });

// What is said of sending holds for both fields; this one can be typed into without a browser.
beforeEach(() => setHabit('rich', false));

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
  test.each([
    ['r', 'Reply'],
    ['n', 'Internal note'],
  ])('begins with %s, which was pressed before it was there', async (key, name) => {
    const Page = () => {
      const [known, setKnown] = useState(false);
      const wished = useRef<Visibility | null>(null);
      return (
        <>
          {known ? <Editor ticket={ticket} me={me} latest={null} newest={null} wishedRef={wished} /> : <EditorToCome wishedRef={wished} />}
          <button type="button" onClick={() => setKnown(true)}>
            it is known who writes
          </button>
        </>
      );
    };
    await renderInDesk(<Page />, network({}));
    await userEvent.keyboard(key);
    await userEvent.click(screen.getByText('it is known who writes'));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('textbox', { name })));
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
    setHabit('hold', true);
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
  test('puts a canned response where a slash was typed, with the keyboard alone', async () => {
    const items = [
      { kind: 'canned_response', id: 'c1', title: 'Refused', folder: '', scope: 'everyone', preview: 'No.', uses: 1 },
      { kind: 'canned_response', id: 'c2', title: 'Refund', folder: '', scope: 'everyone', preview: 'Yes.', uses: 1 },
    ];
    const preview = { body: { language: 'en', text: 'We refund, Ana.', html: null, empty: [], fallbacks: [] } };
    const { posts } = await write({ 'GET /v1/quick': () => ({ body: { items } }), 'POST /v1/canned-responses/c2/preview': () => preview });
    await userEvent.type(screen.getByRole('textbox'), 'Hello,{Enter}/ref');
    await screen.findByRole('option', { name: /Refund/ });
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('Hello,\nWe refund, Ana.'));
    expect(posts().map(({ body }) => body)).toEqual([{ ticket_id: 'tic_1', insert: true }]);
    expect(screen.queryByRole('listbox')).toBeNull();
  });
  test('runs a macro on the ticket as it was looked at, and takes the slash away', async () => {
    const items = [{ kind: 'macro', id: 'mac1', title: 'Close it', folder: '', scope: 'everyone', preview: '', uses: 1 }];
    const ran = { body: { ticket_id: 'tic_1', version: 8, changes: [], message: null } };
    const { posts } = await write({ 'GET /v1/quick': () => ({ body: { items } }), 'POST /v1/tickets/tic_1/macros': () => ran }, 'm0');
    await userEvent.type(screen.getByRole('textbox'), '/close');
    await screen.findByRole('option', { name: /Close it/ });
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(currentToasts().at(-1)?.text).toBe('“Close it” was run'));
    expect(posts()[0]?.body).toEqual({ macro_id: 'mac1', hold_seconds: 10, seen_message_id: 'm0' });
    expect(posts()[0]?.headers.get('if-match')).toBe('"7"');
    expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('');
  });
  test('lets a slash be a slash after Escape', async () => {
    await write({ 'GET /v1/quick': () => ({ body: { items: [] } }) });
    await userEvent.type(screen.getByRole('textbox'), '/of');
    await screen.findByText('Nothing fits. Fewer letters find more.');
    await userEvent.keyboard('{Escape}f');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('/off');
  });
  test('does not send an empty message', async () => {
    const { posts } = await write({ [POST]: sent });
    await userEvent.type(screen.getByRole('textbox'), '   {Control>}{Enter}{/Control}');
    expect(posts()).toEqual([]);
  });
});
