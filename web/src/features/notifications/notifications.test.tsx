import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { Bell } from './bell';
import { network, renderInDesk } from '@/lib/testing/desk';

const told = (id: string, readAt: string | null) => ({
  id,
  kind: 'mentioned',
  at: '2026-11-02T10:00:00.000Z',
  ticket_id: 'tic_1',
  number: 1042,
  subject: 'Charged twice',
  actor: { kind: 'agent', id: 'ag_1', name: 'Mina Park' },
  message_id: 'msg_1',
  read_at: readAt,
});

function desk(items: ReturnType<typeof told>[]) {
  const unread = items.filter((item) => item.read_at === null).length;
  return network({
    'GET /v1/notifications': () => ({ body: { items, next_cursor: null, unread } }),
    'GET /v1/agents': () => ({ body: { items: [] } }),
    'GET /v1/groups': () => ({ body: { items: [] } }),
    'GET /v1/categories': () => ({ body: { items: [] } }),
    'POST /v1/notifications/read': () => ({ body: { unread: 0 } }),
  });
}

describe('the bell', () => {
  test('says how much is unread, and lists what it was with a way there', async () => {
    await renderInDesk(<Bell />, desk([told('n2', null), told('n1', '2026-11-02T11:00:00.000Z')]));
    await userEvent.click(await screen.findByRole('button', { name: 'Notifications, 1 unread' }));
    const [first] = await screen.findAllByRole('link', { name: /Mina Park mentioned you/ });
    expect(first?.getAttribute('href')).toMatch(/^\/tickets\/tic_1.*#m-msg_1$/);
  });
  test('marks as read what is opened', async () => {
    const net = desk([told('n2', null)]);
    await renderInDesk(<Bell />, net);
    await userEvent.click(await screen.findByRole('button', { name: 'Notifications, 1 unread' }));
    await userEvent.click(await screen.findByRole('link', { name: /mentioned you/ }));
    await waitFor(() => expect(net.calls.find((call) => call.method === 'POST')?.body).toEqual({ ids: ['n2'] }));
  });
  test('marks all as read at once', async () => {
    const net = desk([told('n2', null), told('n1', null)]);
    await renderInDesk(<Bell />, net);
    await userEvent.click(await screen.findByRole('button', { name: 'Notifications, 2 unread' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Mark all as read' }));
    await waitFor(() => expect(net.calls.find((call) => call.method === 'POST')?.body).toEqual({ all: true }));
  });
});
