// Beside a ticket: why it is there, with a way to correct it; and who else says the same, with one click to make one of it.
import { act, configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Suspense } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { Alike, Why } from './panel';
import type { Ticket } from '@/lib/api/types';
import { network, renderInDesk } from '@/lib/testing/desk';

configure({ asyncUtilTimeout: 5000 }); // words are fetched with the panel

const TICKET = { id: '01B', number: 8, version: 3, requester: { id: 'p', name: 'Mina', email: null } } as Ticket;
const ROW = { id: '01A', number: 7, subject: 'VPN down', status: 'open', requester: { id: 'q' } };
const PEOPLE = { 'GET /v1/agents': () => ({ body: { items: [] } }), 'GET /v1/groups': () => ({ body: { items: [{ id: 'billing', name: 'Billing' }] } }), 'GET /v1/categories': () => ({ body: { items: [] } }) };

describe('beside a ticket', { timeout: 20_000 }, () => {
  test('an agent sees why it came to them, and corrects what the desk took it for in one click', async () => {
    const event = { id: 'e', seq: 2, type: 'TicketAssigned', at: '2026-11-23T01:00:00.000Z', actor: { kind: 'system', id: 'router', name: null }, because: [{ code: 'group_by_default', params: {} }], data: { new_group: 'billing', old_group: null } };
    const said = { field: 'priority', value: 'high', confidence: 0.97, acted: false, now: 'normal', words: ['urgent'] };
    const rules = [
      { rule_id: 'vip', name: 'VIPs first', version: 1, outcome: 'not_matched', where: '/all/0', field: 'tags', problem: null },
      { rule_id: 'bills', name: 'Bills', version: 1, outcome: 'acted', where: null, field: null, problem: null },
    ];
    const net = network({
      ...PEOPLE,
      'GET /v1/tickets/01B/history': () => ({ body: { items: [event], next_cursor: null } }),
      'GET /v1/tickets/01B/triage': () => ({ body: { model: 1, suggestions: [said], abstained: ['category'] } }),
      'GET /v1/tickets/01B/rules': () => ({ body: { items: [{ event_id: 'e', at: event.at, on: ['opened'], rules }], next_cursor: null } }),
    });
    const change = vi.fn();
    const correct = vi.fn();
    await act(() => renderInDesk(<Suspense><Why ticket={TICKET} change={change} onCorrect={correct} /></Suspense>, net));
    expect(await screen.findByText(/the group for everything else/)).toBeTruthy();
    expect((await screen.findByText('VIPs first')).parentElement?.textContent).toContain('did not match · tags did not fit');
    expect(screen.getByText('Bills').parentElement?.textContent).toContain('acted');
    expect(await screen.findByText('because of urgent')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Set it' }));
    expect(change).toHaveBeenCalledWith({ priority: 'high' });
    await userEvent.click(screen.getByRole('button', { name: 'Correct it' }));
    expect(correct).toHaveBeenCalledWith('group');
  });

  test('a likely duplicate goes on in the older ticket with one click', async () => {
    const net = network({
      ...PEOPLE,
      'GET /v1/tickets/01B/alike': () => ({ body: { duplicates: [ROW], suspicion: null } }),
      'POST /v1/tickets/01B/merge': () => ({ body: { ...TICKET, version: 4 } }),
    });
    await act(() => renderInDesk(<Suspense><Alike ticket={TICKET} view="mine" refused={vi.fn()} /></Suspense>, net));
    await userEvent.click(await screen.findByRole('button', { name: 'Merge this ticket into #7' }));
    await waitFor(() => expect(net.calls.find(({ method }) => method === 'POST')?.body).toEqual({ into: '01A' }));
  });
});
