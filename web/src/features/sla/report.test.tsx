import { act, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Report } from './report';
import { setupPage } from '@/components/setup-bar';
import { network, renderInDesk } from '@/lib/testing/desk';

const item = (metric: string, met: number, breached: number, late: number) => ({ of: metric, metric, met, breached, compliance: met / (met + breached), late_seconds: late, paused_seconds: 0 });

test('by clock there is one table with a line for each clock, and what adds up is told to the minute', async () => {
  const Page = setupPage(Report);
  const net = network({
    'GET /v1/me': () => ({ body: { id: 'ag_9', name: 'Suki', email: 's@desk.test', role: 'supervisor', groups: [], permissions: ['read', 'supervise'] } }),
    'GET /v1/agents': () => ({ body: { items: [] } }),
    'GET /v1/groups': () => ({ body: { items: [] } }),
    'GET /v1/categories': () => ({ body: { items: [] } }),
    'GET /v1/sla-policies': () => ({ body: { items: [] } }),
    'GET /v1/reports/sla': () => ({ body: { since: '2026-11-01', until: '2026-11-28', by: 'metric', items: [item('first_response', 3, 1, 3692), item('resolution', 4, 0, 0)] } }),
  });
  await act(() => renderInDesk(<Page />, net));
  const lines = within(await screen.findByRole('table')).getAllByRole('row').slice(1);
  expect(lines.map((line) => [...line.children].map((cell) => cell.textContent))).toEqual([
    ['First reply', '75%', '3', '1', '1h 2m', '–'],
    ['Resolution', '100%', '4', '0', '–', '–'],
  ]);
});
