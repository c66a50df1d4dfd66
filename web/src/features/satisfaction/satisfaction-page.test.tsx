import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { SatisfactionPage } from './satisfaction-page';
import { network, renderInDesk } from '@/lib/testing/desk';

const report = { since: '2026-11-01', until: '2026-11-28', by: 'group', items: [{ key: 'g1', answers: 3, ratings: [1, 0, 0, 1, 1], mean: 3.33, satisfied_percent: 66.7, nps: -100, promoters: 0, passives: 0, detractors: 1 }] };
const said = { ticket: { id: 't1', number: 7 }, subject: 'Broken glass', at: '2026-11-20T00:00:00.000Z', rating: 1, comment: 'Slow.', answers: [{ question: 'Again?', answer: false }], group: 'g1', agent: 'ag_1', plan: null, language: 'en' };
const round = { id: 'p.2026-11-23', plan: 'p', name: 'How was your week?', since: '2026-11-23', until: '2026-11-27', over: true, asked: 9, answers: 3, needed: 5, results: null };

function desk(permissions: string[]) {
  return network({
    'GET /v1/me': () => ({ body: { id: 'ag_9', name: 'Suki', email: 's@desk.test', role: 'supervisor', groups: [], permissions } }),
    'GET /v1/agents': () => ({ body: { items: [{ id: 'ag_1', name: 'Mina Park' }] } }),
    'GET /v1/groups': () => ({ body: { items: [{ id: 'g1', name: 'Support' }] } }),
    'GET /v1/categories': () => ({ body: { items: [] } }),
    'GET /v1/reports/surveys': () => ({ body: report }),
    'GET /v1/reports/surveys/answers': () => ({ body: { items: [said], next_cursor: null } }),
    'GET /v1/reports/pulses': () => ({ body: { items: [round] } }),
    'GET /v1/me/pulses': () => ({ body: { items: [{ id: round.id, name: round.name, questions: [], since: round.since, until: round.until }] } }),
    'POST /v1/me/pulses/p.2026-11-23': () => ({ body: null }),
  });
}

test('one click on a face says how a colleague is doing', async () => {
  const net = desk(['read']);
  await act(() => renderInDesk(<SatisfactionPage />, net));
  await userEvent.click(await screen.findByRole('button', { name: 'Good' }));
  await waitFor(() => expect(net.calls.find(({ method }) => method === 'POST')?.body).toEqual({ rating: 4, comment: '', answers: {}, named: false }));
  expect(await screen.findByText(/cannot be told from the others/)).toBeDefined();
  expect(screen.queryByText('What requesters said')).toBeNull();
});

test('who looks after colleagues reads figures, answers, and no results of too few', async () => {
  await act(() => renderInDesk(<SatisfactionPage />, desk(['read', 'supervise'])));
  expect((await screen.findAllByText('Support')).length).toBeGreaterThan(0);
  expect((await screen.findAllByText('Slow.')).length).toBeGreaterThan(0);
  expect(await screen.findByText('Shown from 5 answers without a name on.')).toBeDefined();
});
