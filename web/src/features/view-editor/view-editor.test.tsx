import { act, configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { ViewEditor } from './view-editor';
import type { DeskView } from '@/lib/api/types';
import { network, renderInDesk } from '@/lib/testing/desk';
import { me } from '@/lib/testing/examples';

configure({ asyncUtilTimeout: 5000 }); // words are fetched with the form

const none = () => ({ body: { items: [], next_cursor: null } });
const ALL_OPEN = { id: 'all-open', version: 1, title: 'All open', name: 'All open', names: { en: 'All open' }, folder: '', scope: 'shared', group: null, built_in: true, editable: false, conditions: { all: [{ field: 'status', is_not: ['solved', 'closed'] }] }, sort: [], group_by: null, columns: [], position: 5 };

test('a view of one’s own begins with another one, is counted while it is written, and names its faults', async () => {
  const saved = { ...ALL_OPEN, id: 'v1', editable: true } as unknown as DeskView;
  let refusing = true;
  const net = network({
    'GET /v1/me': () => ({ body: { ...me, permissions: ['read'] } }),
    'GET /v1/views': () => ({ body: { items: [ALL_OPEN], next_cursor: null, folders: [] } }),
    'POST /v1/views/preview': () => ({ body: { items: [], next_cursor: null, count: 7, headings: [] } }),
    'POST /v1/views': () => (refusing ? { status: 400, body: { code: 'invalid', errors: [{ pointer: '/conditions/all/1', message: 'is no condition' }] } } : { status: 201, body: saved }),
    ...Object.fromEntries(['agents', 'groups', 'categories', 'statuses', 'products', 'fields'].map((name) => [`GET /v1/${name}`, none])),
  });
  const done = vi.fn();
  await act(() => renderInDesk(<ViewEditor id="all-open" onDone={done} />, net));
  const name = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Name' });
  expect(name.value).toBe('All open (mine)');
  expect(await screen.findByText('7 tickets')).toBeDefined();
  await userEvent.clear(name);
  await userEvent.click(screen.getByRole('button', { name: 'Make the view' }));
  expect(screen.getByText('Give it a name.')).toBeDefined();
  await userEvent.type(name, 'Burning');
  await userEvent.click(screen.getByRole('button', { name: 'Add a condition' }));
  await userEvent.selectOptions(screen.getAllByRole('combobox', { name: 'What' })[1] ?? name, 'priority');
  await userEvent.selectOptions(screen.getAllByRole('combobox', { name: 'Value' })[1] ?? name, 'urgent');
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Headings' }), 'assignee');
  await userEvent.click(screen.getByRole('button', { name: 'Make the view' }));
  expect(await screen.findByText('is no condition')).toBeDefined();
  refusing = false;
  await userEvent.click(screen.getByRole('button', { name: 'Make the view' }));
  await waitFor(() => expect(done).toHaveBeenCalledWith('v1'));
  expect(net.calls.filter(({ method, path }) => method === 'POST' && path === '/v1/views').at(-1)?.body).toMatchObject({
    title: 'Burning',
    scope: 'personal',
    conditions: { all: [{ field: 'status', is_not: ['solved', 'closed'] }, { field: 'priority', is: ['urgent'] }] },
    group_by: 'assignee',
  });
}, 30_000);
