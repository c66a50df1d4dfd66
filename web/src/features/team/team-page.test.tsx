import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { TeamPage } from './team-page';
import { network, renderInDesk } from '@/lib/testing/desk';
import { ticket } from '@/lib/testing/examples';

const DAY = 86_400_000;
const dayFromNow = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

const agent = (id: string, name: string, absent: boolean) => ({
  id,
  name,
  groups: [],
  role: 'agent',
  available: true,
  capacity: 20,
  open_tickets: 3,
  absences: absent ? [{ first_day: dayFromNow(-2), last_day: dayFromNow(2), reason: null, substitute: 'ag_2' }] : [],
  substitute: absent ? 'ag_2' : null,
});

function team(permissions: string[]) {
  return network({
    'GET /v1/me': () => ({ body: { id: 'ag_9', name: 'Suki Tanaka', email: 'suki@desk.test', role: 'supervisor', groups: [], permissions } }),
    'GET /v1/agents': () => ({ body: { items: [agent('ag_1', 'Mina Park', true), agent('ag_2', 'Jun Kim', false)] } }),
    'GET /v1/groups': () => ({ body: { items: [] } }),
    'GET /v1/categories': () => ({ body: { items: [] } }),
    'POST /v1/agents/ag_1/hand-over': () => ({ body: { taken: 3 } }),
  });
}

test('whoever watches over the team shares out what waits for somebody absent, with one click', async () => {
  const net = team(['read', 'supervise']);
  await act(() => renderInDesk(<TeamPage />, net));
  const absent = await screen.findByText(/Away until/);
  expect(absent.textContent).toContain('Jun Kim stands in.');
  await userEvent.click(screen.getByRole('button', { name: 'Share out their tickets' }));
  await waitFor(() => expect(net.calls.map(({ path }) => path)).toContain('/v1/agents/ag_1/hand-over'));
});

test('all together are the sum of the groups, and each group names what has waited longest', async () => {
  const first = { ...ticket, id: 'ti_7', number: 1007, subject: 'A lamp that flickers' };
  const net = network({
    'GET /v1/me': () => ({ body: { id: 'ag_9', name: 'Suki Tanaka', email: 'suki@desk.test', role: 'supervisor', groups: [], permissions: ['read'] } }),
    'GET /v1/agents': () => ({ body: { items: [] } }),
    'GET /v1/groups': () => ({ body: { items: [{ id: 'support', name: 'Support' }] } }),
    'POST /v1/views/preview': ({ body }) => {
      const headings = [
        { value: 'support', count: 4, first: (body as { firsts?: boolean }).firsts ? first : null },
        { value: null, count: 3, first: null },
      ];
      return { body: { items: [], next_cursor: null, count: 7, headings } };
    },
  });
  await act(() => renderInDesk(<TeamPage />, net));
  expect((await screen.findAllByText('7')).length).toBe(6);
  expect(screen.getByRole('link', { name: /^The ticket that has waited longest: #1007 A lamp that flickers/ }).getAttribute('href')).toContain('/tickets/ti_7');
});

test('others are not asked to', async () => {
  await act(() => renderInDesk(<TeamPage />, team(['read'])));
  await screen.findByText('Mina Park');
  expect(screen.queryByRole('button', { name: 'Share out their tickets' })).toBeNull();
});
