import { act, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { OnDevice } from './on-device';
import { setHabit } from '@/lib/data/habits';
import { network, renderInDesk } from '@/lib/testing/desk';
import { currentToasts } from '@/lib/toasts';

const told = (id: string, readAt: string | null) => ({ id, kind: 'mentioned', at: '2026-11-02T10:00:00.000Z', ticket_id: 'tic_1', number: 1042, subject: 'Charged twice', actor: { kind: 'agent', id: 'ag_1', name: 'Mina Park' }, message_id: 'msg_1', read_at: readAt });

/** What the browser has for it, as far as the page asks. */
function device(waiting: { postMessage: (text: string) => void } | null) {
  const showNotification = vi.fn(() => Promise.resolve());
  const registration = { waiting, installing: null, addEventListener: vi.fn(), showNotification };
  const container = { controller: {}, register: () => Promise.resolve(registration), getRegistration: () => Promise.resolve(registration), addEventListener: vi.fn(), removeEventListener: vi.fn() };
  vi.stubGlobal('Notification', { permission: 'granted' });
  Object.defineProperty(navigator, 'serviceWorker', { value: container, configurable: true });
  return showNotification;
}


test('says on the device what came in while nobody looked, once, and nothing of before', async () => {
  const show = device(null);
  vi.spyOn(document, 'hasFocus').mockReturnValue(false);
  setHabit('notify', true);
  let items = [told('n1', null)];
  const net = network({ 'GET /v1/notifications': () => ({ body: { items, next_cursor: null, unread: items.length } }), 'GET /v1/agents': () => ({ body: { items: [] } }), 'GET /v1/groups': () => ({ body: { items: [] } }), 'GET /v1/categories': () => ({ body: { items: [] } }) });
  const { client } = await renderInDesk(<OnDevice />, net);
  await waitFor(() => expect(client.getQueryData(['notifications'])).toBeDefined());
  items = [told('n3', '2026-11-02T11:00:00.000Z'), told('n2', null), ...items];
  await act(() => client.invalidateQueries({ queryKey: ['notifications'] }));
  await waitFor(() => expect(show).toHaveBeenCalledTimes(1));
  expect(show).toHaveBeenCalledWith('Mina Park mentioned you', expect.objectContaining({ body: '#1042 Charged twice', tag: 'n2', data: expect.stringContaining('/tickets/tic_1') as string }));
  setHabit('notify', false);
});

test('offers a newer desk, and takes it only when told to', async () => {
  const postMessage = vi.fn();
  device({ postMessage });
  await renderInDesk(<OnDevice />, network({}));
  await waitFor(() => expect(currentToasts().at(-1)?.text).toBe('A newer version of the desk is there.'));
  expect(postMessage).not.toHaveBeenCalled();
  currentToasts().at(-1)?.action?.run();
  expect(postMessage).toHaveBeenCalledWith('take over');
  expect(screen.queryByRole('dialog')).toBeNull();
});
