import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Suspense } from 'react';
import { beforeAll, describe, expect, test } from 'vitest';
import { Approvals } from './approvals';
import { Sides } from './sides';
import { Attachments } from '@/components/attachments';
import type { Approval, Side, Ticket } from '@/lib/api/types';
import { addressees } from '@/lib/data/sides';
import { network, renderInDesk } from '@/lib/testing/desk';
import { me, message, ticket } from '@/lib/testing/examples';
import { currentToasts } from '@/lib/toasts';

const at = '/v1/tickets/tic_1/side-conversations';
const parts = { id: 'req_9', name: 'Parts', email: 'parts@supplier.test', undeliverable: false, complained: false, cc: false };
const side: Side = { id: 's1', number: 1, subject: 'Armrest', started_by: 'ag_1', people: [parts], state: 'open', reopen_on_answer: true, messages: 2, last_at: '2026-11-01T12:00:00.000Z', last_by: 'third_party' };
const asked: Ticket = { ...ticket, side_conversations: [side] };
const people = {
  'GET /v1/me': () => ({ body: me }),
  'GET /v1/agents': () => ({ body: { items: [{ id: 'ag_1', name: 'Mina Park' }, { id: 'ag_2', name: 'Joon Kim' }] } }),
  'GET /v1/groups': () => ({ body: { items: [] } }),
  'GET /v1/categories': () => ({ body: { items: [] } }),
};

// What is fetched when it is asked for is there before anybody's patience is measured.
beforeAll(() => Promise.all([import('./side-dialog'), import('./ask-aside'), import('./ask-approval'), import('@/components/preview'), import('@/locales/aside/en.json')]), 30_000);

describe('side conversations', () => {
  test('are begun with an address and a question, and a refusal stands beside its field', async () => {
    let refuse = true;
    const net = network({
      ...people,
      [`POST ${at}`]: () => (refuse ? { status: 400, body: { code: 'invalid', errors: [{ pointer: '/to/0/email', message: 'takes no mail' }] } } : { status: 201, body: { conversation: side, message: message('m1', side.last_at ?? '') } }),
    });
    await act(() => renderInDesk(<Suspense><Sides ticket={{ ...ticket, side_conversations: [] }} /></Suspense>, net));
    await userEvent.click(await screen.findByRole('button', { name: /Side conversations/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Ask someone outside' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Send', hidden: true }));
    expect((await screen.findByRole('alert', { hidden: true })).textContent).toBe('Say whom to ask.');
    fireEvent.change(screen.getByLabelText('To'), { target: { value: 'Parts <parts@supplier.test>' } });
    fireEvent.change(screen.getByLabelText('Message'), { target: { value: 'Do you have one?' } });
    await userEvent.click(screen.getByRole('button', { name: 'Send', hidden: true }));
    expect((await screen.findByText('takes no mail')).className).toContain('fault');
    refuse = false;
    await userEvent.click(screen.getByRole('button', { name: 'Send', hidden: true }));
    await waitFor(() => expect(currentToasts().at(-1)?.text).toContain('Asked.'));
    const calls = net.calls.filter((call) => call.method === 'POST');
    expect(calls.at(-1)?.body).toMatchObject({ to: [{ email: 'parts@supplier.test', name: 'Parts' }], subject: 'Charged twice', body: 'Do you have one?' });
    expect(new Set(calls.map((call) => call.headers.get('idempotency-key'))).size).toBe(1);
  });
  test('say whose turn it is, are read and answered, and keep what is being written', async () => {
    const net = network({
      ...people,
      [`GET ${at}/s1/messages`]: () => ({ body: { items: [message('m2', '2026-11-01T12:00:00.000Z', { author: { kind: 'third_party', id: 'req_9', name: 'Parts' }, body_text: 'We have two.' })], next_cursor: null } }),
      [`POST ${at}/s1/messages`]: () => ({ status: 201, body: message('m3', '2026-11-01T12:05:00.000Z') }),
    });
    const { unmount } = await act(() => renderInDesk(<Suspense><Sides ticket={asked} /></Suspense>, net));
    await act(async () => userEvent.click(await screen.findByRole('button', { name: /They answered/ })));
    expect(await screen.findByText('We have two.')).toBeDefined();
    fireEvent.change(screen.getByLabelText('Write to them'), { target: { value: 'Send one' } });
    unmount();
    await act(() => renderInDesk(<Suspense><Sides ticket={asked} /></Suspense>, net));
    await act(async () => userEvent.click(await screen.findByRole('button', { name: /They answered/ })));
    expect((await screen.findByLabelText<HTMLTextAreaElement>('Write to them')).value).toBe('Send one');
    fireEvent.keyDown(screen.getByLabelText('Write to them'), { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(screen.getByLabelText<HTMLTextAreaElement>('Write to them').value).toBe(''));
    expect(net.calls.find((call) => call.method === 'POST')?.body).toMatchObject({ body: 'Send one' });
  });
  test('are kept on the desk, too: what was begun elsewhere goes on here, and is there no more once it was sent', async () => {
    const kept = { ticket_id: 'tic_1', kind: 'side', based_on: null, to: '', subject: '', updated_at: side.last_at, keep_until: side.last_at };
    const net = network({
      ...people,
      'GET /v1/tickets/tic_1/draft': () => ({ body: { reply: null, note: null, sides: [{ ...kept, side_id: 's1', version: 3, body: 'Begun elsewhere' }, { ...kept, side_id: null, version: 1, to: 'parts@supplier.test', body: 'And how' }] } }),
      'PUT /v1/tickets/tic_1/draft': () => ({ body: { ...kept, side_id: 's1', version: 4, body: '' } }),
      'DELETE /v1/tickets/tic_1/draft': () => ({ status: 204, body: undefined }),
      [`GET ${at}/s1/messages`]: () => ({ body: { items: [], next_cursor: null } }),
      [`POST ${at}/s1/messages`]: () => ({ status: 201, body: message('m3', '2026-11-01T12:05:00.000Z') }),
    });
    const written = async (): Promise<HTMLTextAreaElement> => {
      await act(async () => userEvent.click(await screen.findByRole('button', { name: /They answered/ })));
      return screen.findByLabelText<HTMLTextAreaElement>('Write to them');
    };
    const { unmount } = await act(() => renderInDesk(<Suspense><Sides ticket={asked} /></Suspense>, net));
    const field = await written();
    await waitFor(() => expect(field.value).toBe('Begun elsewhere'));
    fireEvent.change(field, { target: { value: 'Begun elsewhere, ended here' } });
    unmount();
    await waitFor(() => expect(net.calls.find((call) => call.method === 'PUT')).toMatchObject({ body: { kind: 'side', side_id: 's1', body: 'Begun elsewhere, ended here' } }));
    expect(net.calls.find((call) => call.method === 'PUT')?.headers.get('if-match')).toBe('"3"');
    await act(() => renderInDesk(<Suspense><Sides ticket={asked} /></Suspense>, net));
    const again = await written();
    expect(again.value, 'what was typed here stays').toBe('Begun elsewhere, ended here');
    fireEvent.keyDown(again, { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(net.calls.map(({ method }) => method)).toContain('DELETE'));
    await userEvent.click(screen.getByRole('button', { name: 'Close', hidden: true }));
    await userEvent.click(screen.getByRole('button', { name: 'Ask someone outside', hidden: true }));
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('To').value).toBe('parts@supplier.test'));
    expect(screen.getByLabelText<HTMLInputElement>('Subject').value, 'is the ticket\'s until another is typed').toBe(ticket.subject);
    expect(screen.getByLabelText<HTMLInputElement>('Message').value).toBe('And how');
  });
  test('take addresses as people write them', () => {
    expect(addressees('Ann Kim <ann@x.test>, b@y.test;\n"Lee" <lee@z.test>')).toEqual([{ email: 'ann@x.test', name: 'Ann Kim' }, { email: 'b@y.test' }, { email: 'lee@z.test', name: 'Lee' }]);
    expect(addressees(' , ')).toEqual([]);
  });
});

describe('approvals', () => {
  const approval: Approval = {
    id: 'ap1', question: 'Refund all of it?', shown: '', mode: 'all', state: 'pending', asked_by: 'ag_2', asked_at: '2026-11-01T12:00:00.000Z', due_at: null, settled_at: null,
    approvers: [
      { kind: 'agent', id: 'ag_1', name: 'Mina Park', email: null, verdict: null, answered_at: null, comment: null },
      { kind: 'person', id: 'req_8', name: null, email: 'boss@x.test', verdict: 'approved', answered_at: '2026-11-01T12:10:00.000Z', comment: 'Sure' },
    ],
  };
  test('show who said what, and take my own answer', async () => {
    const net = network({ ...people, 'POST /v1/tickets/tic_1/approvals/ap1/answer': () => ({ body: approval }) });
    await renderInDesk(<Approvals ticket={{ ...ticket, approvals: [approval] }} />, net);
    expect(await screen.findByText('boss@x.test')).toBeDefined();
    expect(screen.getByRole('img', { name: 'Said yes' })).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Withdraw' })).toBeNull();
    fireEvent.change(await screen.findByLabelText('A word to it, if you like'), { target: { value: 'Only half' } });
    await userEvent.click(screen.getByRole('button', { name: 'Decline' }));
    await waitFor(() => expect(net.calls.find((call) => call.method === 'POST')?.body).toEqual({ verdict: 'declined', comment: 'Only half' }));
  });
  test('are asked of colleagues and people outside, and withdrawn by who asked', async () => {
    const mine = { ...approval, asked_by: 'ag_1' };
    const net = network({ ...people, 'POST /v1/tickets/tic_1/approvals': () => ({ status: 201, body: mine }), 'DELETE /v1/tickets/tic_1/approvals/ap1': () => ({ body: mine }) });
    await renderInDesk(<Approvals ticket={{ ...ticket, approvals: [mine] }} />, net);
    await userEvent.click(await screen.findByRole('button', { name: 'Withdraw' }));
    await waitFor(() => expect(net.calls.some((call) => call.method === 'DELETE')).toBe(true));
    await userEvent.click(screen.getByRole('button', { name: 'Ask for approval' }));
    fireEvent.change(await screen.findByLabelText('Question'), { target: { value: 'May we?' } });
    await userEvent.click(screen.getByLabelText('Joon Kim'));
    fireEvent.change(screen.getByLabelText('People outside'), { target: { value: 'boss@x.test' } });
    const [, send] = screen.getAllByRole('button', { name: 'Ask for approval', hidden: true });
    await userEvent.click(send ?? document.body);
    await waitFor(() => expect(net.calls.find((call) => call.method === 'POST')?.body).toMatchObject({ approvers: ['ag_2', 'boss@x.test'], question: 'May we?', mode: 'all' }));
  });
});

describe('files of a message', () => {
  const file = (id: string, filename: string, type: string) => ({ id, filename, content_type: type, size: 1000, inline: false });
  test('are shown over the page where a browser can, one after another, and fetched where it cannot', async () => {
    const opened: string[] = [];
    const linkOf = (one: { id: string }): Promise<string> => {
      opened.push(one.id);
      return Promise.resolve(`https://files.test/${one.id}`);
    };
    await renderInDesk(<Attachments attachments={[file('a', 'chair.png', 'image/png'), file('b', 'app.exe', 'application/x-msdownload'), file('c', 'bill.pdf', 'application/pdf')]} linkOf={linkOf} />, network({}));
    await userEvent.click(screen.getByRole('button', { name: /chair.png/ }));
    expect((await screen.findByRole('img', { name: 'chair.png' })).getAttribute('src')).toBe('https://files.test/a');
    expect(screen.getByText('1 of 2')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Next file' }));
    expect((await screen.findByTitle('bill.pdf')).getAttribute('src')).toBe('https://files.test/c');
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByTitle('bill.pdf')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: /app.exe/ }));
    await waitFor(() => expect(opened).toContain('b'));
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
