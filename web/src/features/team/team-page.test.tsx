import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Suspense } from 'react';
import { expect, test } from 'vitest';
import { TeamPage } from './team-page';
import { network, renderInDesk, type Call } from '@/lib/testing/desk';
import { ticket } from '@/lib/testing/examples';

const agent = (id: string, name: string, open: number) => ({ id, name, email: `${id}@desk.test`, groups: ['gr_1'], available: true, open_tickets: open, capacity: 10, absences: [], substitute: null });
const row = { ...ticket, assignee: null };

/** Two tickets have missed their time in billing; one is open without a group. */
function counted({ body }: Call) {
  const asked = JSON.stringify(body);
  const headings = asked.includes('breached') ? [{ value: 'gr_1', count: 2 }] : asked.includes('empty') ? [{ value: null, count: 1 }] : [];
  return { body: { items: asked.includes('"limit":50') ? [row] : [], next_cursor: null, count: 2, headings } };
}

const desk = () =>
  network({
    'GET /v1/groups': () => ({ body: { items: [{ id: 'gr_1', name: 'Billing' }] } }),
    'GET /v1/agents': () => ({ body: { items: [agent('ag_1', 'Mina Park', 2), agent('ag_2', 'Joon Kim', 9)] } }),
    'GET /v1/categories': () => ({ body: { items: [] } }),
    'GET /v1/views/counts': () => ({ body: { items: [{ id: 'all-open', count: 7 }] } }),
    'POST /v1/views/preview': counted,
    'GET /v1/tickets': () => ({ body: { items: [row], next_cursor: null } }),
    'PATCH /v1/tickets/tic_1': () => ({ body: { ...row, assignee: 'ag_1', version: 8 } }),
  });

const shown = (net: ReturnType<typeof desk>) => act(() => renderInDesk(<Suspense><TeamPage /></Suspense>, net));

test('numbers stand per group and open the tickets they count', async () => {
  await shown(desk());
  await userEvent.click(await screen.findByRole('button', { name: 'Billing, Missed: show 2 tickets' }));
  const dialog = screen.getByRole('dialog');
  expect(await within(dialog).findByText('Charged twice')).toBeDefined();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Close' }));
  await userEvent.click(screen.getByRole('button', { name: 'Agent' }));
  expect(await screen.findByRole('rowheader', { name: 'Mina Park' })).toBeDefined();
});

test('a ticket is given to somebody by its button, or dropped on their line', async () => {
  const net = desk();
  await shown(net);
  await userEvent.click(await screen.findByRole('button', { name: 'Give #1042 to somebody else' }));
  await userEvent.click(await screen.findByRole('option', { name: /Mina Park/ }));
  await waitFor(() => expect(net.calls.filter((call) => call.method === 'PATCH').map((call) => call.body)).toEqual([{ assignee: 'ag_1' }]));
  const kept = new Map<string, string>();
  const dataTransfer = { types: ['application/x-desk-ticket'], setData: (kind: string, data: string) => kept.set(kind, data), getData: (kind: string) => kept.get(kind) ?? '' };
  fireEvent.dragStart(screen.getByText('Charged twice'), { dataTransfer });
  fireEvent.drop(screen.getByRole('button', { name: 'Tickets of Joon Kim' }), { dataTransfer });
  await waitFor(() => expect(net.calls.filter((call) => call.method === 'PATCH').at(-1)?.body).toEqual({ assignee: 'ag_2' }));
});
