import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { TeamPage } from './team-page';
import { network, renderInDesk } from '@/lib/testing/desk';

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

test('others are not asked to', async () => {
  await act(() => renderInDesk(<TeamPage />, team(['read'])));
  await screen.findByText('Mina Park');
  expect(screen.queryByRole('button', { name: 'Share out their tickets' })).toBeNull();
});
