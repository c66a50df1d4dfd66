import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { SettingsPage } from './settings-page';
import { Toaster } from '@/components/toaster';
import { network, renderInDesk, type Answers } from '@/lib/testing/desk';
import { currentToasts, dismiss } from '@/lib/toasts';

const PREFERENCES = '/v1/me/notification-preferences';
const KINDS = ['mentioned', 'assigned', 'side_answered', 'pulse_asked', 'incident_suspected', 'webhook_stopped'];

interface Told {
  kind: string;
  page: boolean;
  mail: boolean;
}

/** A desk that keeps what it is sent. */
function desk({ role = 'agent', permissions = ['read', 'reply'], ...more }: { role?: string; permissions?: string[] } & Partial<Record<'refuse' | 'fail', boolean>> = {}) {
  let items: Told[] = KINDS.map((kind) => ({ kind, page: true, mail: kind !== 'incident_suspected' }));
  let text = 'Jiwoo Park';
  const state = { refuse: more.refuse ?? false, fail: more.fail ?? false };
  const refused = { status: 503, body: { code: 'unavailable', detail: 'The desk is busy.' } };
  const answers: Answers = {
    'GET /v1/me': () => ({ body: { id: 'ag_1', name: 'Jiwoo Park', email: 'j@desk.test', role, groups: [], permissions } }),
    [`GET ${PREFERENCES}`]: () => (state.fail ? refused : { body: { items, next_cursor: null } }),
    [`PUT ${PREFERENCES}`]: ({ body }) => {
      if (state.refuse) return refused;
      const sent = (body as { items: Told[] }).items;
      items = items.map((one) => sent.find(({ kind }) => kind === one.kind) ?? one);
      return { body: { items, next_cursor: null } };
    },
    'GET /v1/me/signature': () => ({ body: { text } }),
    'PUT /v1/me/signature': ({ body }) => {
      if (state.refuse) return refused;
      text = (body as { text: string }).text.trim();
      return { body: { text } };
    },
  };
  const net = network(answers);
  const sent = () => net.calls.filter(({ method }) => method === 'PUT').map(({ body }) => body);
  return { net, state, sent };
}

const shown = async ({ net }: ReturnType<typeof desk>) => {
  await act(() =>
    renderInDesk(
      <>
        <SettingsPage />
        <Toaster />
      </>,
      net,
    ),
  );
  await screen.findByRole('table');
};
const box = (name: string) => screen.findByRole<HTMLInputElement>('checkbox', { name });

beforeEach(() => {
  localStorage.clear();
  for (const { id } of currentToasts()) dismiss(id);
});

test('a tick is saved at once, without the other kinds, and can be taken back', async () => {
  const there = desk();
  await shown(there);
  await userEvent.click(await box('Somebody mentions you in a note By mail'));
  expect((await box('Somebody mentions you in a note By mail')).checked).toBe(false);
  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() =>
    expect(there.sent()).toEqual([{ items: [{ kind: 'mentioned', page: true, mail: false }] }, { items: [{ kind: 'mentioned', page: true, mail: true }] }]),
  );
  expect((await box('Somebody mentions you in a note By mail')).checked).toBe(true);
});

test('two ticks of one kind, one right after the other, are both kept', async () => {
  const there = desk();
  await shown(there);
  await userEvent.click(await box('A ticket is assigned to you In the list'));
  await userEvent.click(await box('A ticket is assigned to you By mail'));
  await waitFor(() => expect(there.sent().at(-1)).toEqual({ items: [{ kind: 'assigned', page: false, mail: false }] }));
});

test('what the desk refuses stands as before, is said, and is tried again by one click', async () => {
  const there = desk({ refuse: true });
  await shown(there);
  await userEvent.click(await box('A ticket is assigned to you In the list'));
  expect(await screen.findByText(/stands as before: A ticket is assigned to you The desk is busy/)).toBeDefined();
  expect((await box('A ticket is assigned to you In the list')).checked).toBe(true);
  there.state.refuse = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(async () => expect((await box('A ticket is assigned to you In the list')).checked).toBe(false));
});

test('nothing is offered that would change nothing, nor asked of whom it never concerns', async () => {
  await shown(desk());
  const row = (name: RegExp) => within(screen.getByRole('row', { name }));
  expect(row(/third party answers/).getByText('Always')).toBeDefined();
  expect(row(/third party answers/).getAllByRole('checkbox')).toHaveLength(1);
  expect(row(/how you are doing/).getAllByRole('checkbox')).toHaveLength(1);
  expect(screen.queryByText(/Several people write the same/)).toBeNull();
  expect(screen.queryByText(/webhook/)).toBeNull();
});

test('an admin hears of webhooks, and who may not answer has no signature', async () => {
  await shown(desk({ role: 'admin', permissions: ['read'] }));
  expect(screen.getByText(/A webhook was switched off/)).toBeDefined();
  expect(screen.queryByText(/Several people write the same/)).toBeNull();
  expect(screen.queryByRole('textbox', { name: 'Signature' })).toBeNull();
});

test('a supervisor is asked about incidents', async () => {
  await shown(desk({ role: 'supervisor' }));
  expect(screen.getByText(/Several people write the same/)).toBeDefined();
  expect(screen.queryByText(/webhook/)).toBeNull();
});

test('what could not be loaded is asked for again', async () => {
  const there = desk({ fail: true });
  await act(() => renderInDesk(<SettingsPage />, there.net));
  expect(await screen.findByText('What you are told could not be loaded')).toBeDefined();
  there.state.fail = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('table')).toBeDefined();
});

test('a signature is seen as it is written, saved, and taken back', async () => {
  const there = desk();
  await shown(there);
  const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Signature' });
  expect(field.value).toBe('Jiwoo Park');
  await userEvent.type(field, '{Enter}https://acme.example/help ');
  expect(screen.getByRole('link', { name: 'https://acme.example/help' })).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(there.sent()).toEqual([{ text: 'Jiwoo Park\nhttps://acme.example/help ' }, { text: 'Jiwoo Park' }]));
  await waitFor(() => expect(field.value).toBe('Jiwoo Park'));
});

test('a signature that was not saved stays written, also after the page was closed', async () => {
  const there = desk({ refuse: true });
  await shown(there);
  const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Signature' });
  await userEvent.type(field, '!');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('The signature was not saved. The desk is busy.')).toBeDefined();
  expect(field.value).toBe('Jiwoo Park!');
  expect(localStorage.getItem('desk.signature')).toContain('Jiwoo Park!');
});
