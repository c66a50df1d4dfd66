// A rule is written, tried and switched on; what is wrong is said where it stands.
import { act, configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Navigate, Route, Routes } from 'react-router';
import { describe, expect, test } from 'vitest';
import { RulesPage } from './rules-page';
import { network, renderInDesk, type Answers } from '@/lib/testing/desk';

configure({ asyncUtilTimeout: 5000 }); // words are fetched with the page

const NOTHING = { body: { items: [], next_cursor: null } };
const ANSWERS: Answers = {
  'GET /v1/rules': () => ({ body: { items: [{ id: 'calm', name: 'Keep calm' }] } }),
  'GET /v1/groups': () => ({ body: { items: [{ id: 'billing', name: 'Billing' }] } }),
  'GET /v1/agents': () => NOTHING,
  'GET /v1/categories': () => NOTHING,
  'GET /v1/webhooks': () => ({ body: { items: [{ id: 'pager', name: 'Pager of the night' }] } }),
  'GET /v1/fields': () => NOTHING,
  'GET /v1/products': () => NOTHING,
  'GET /v1/statuses': () => NOTHING,
  'GET /v1/sla-policies': () => NOTHING,
};

const page = (
  <Routes>
    <Route path="/rules/*" element={<RulesPage />} />
    <Route path="*" element={<Navigate to="/rules/new" />} />
  </Routes>
);

async function drafting(answers: Answers) {
  const net = network({ ...ANSWERS, ...answers });
  await act(() => renderInDesk(page, net));
  await userEvent.type(await screen.findByLabelText('Name'), 'Urgent words');
  await userEvent.click(screen.getByRole('button', { name: 'Add a comparison' }));
  await userEvent.type(screen.getByLabelText('Values'), 'urgent, asap');
  await userEvent.selectOptions(screen.getByLabelText('Priority'), 'urgent');
  return net;
}

describe('a new rule', { timeout: 20_000 }, () => {
  test('is tried as it stands, and nothing is saved by it', async () => {
    const effect = {
      ticket_id: '01T',
      number: 7,
      subject: 'URGENT printer',
      changes: [{ name: 'priority', old: 'normal', new: 'urgent' }],
      notes: [],
      replies: [],
      webhooks: ['pager'],
      tasks: ['Call back'],
      problem: null,
      conflicts: [{ rule_id: 'calm', name: 'priority' }],
      loop: ['calm', 'urgent-words'],
    };
    const net = await drafting({ 'POST /v1/rules/preview': () => ({ body: { looked: 20, matched: 1, items: [effect], misses: [{ where: '/all/0', field: 'subject', tickets: 19 }] } }) });
    await userEvent.click(screen.getByRole('button', { name: 'Try it' }));
    expect(await screen.findByText('1 of 20 would match.')).toBeTruthy();
    expect(screen.getByText('Priority: Normal → Urgent')).toBeTruthy();
    expect(screen.getByText('19 tickets: “Subject” does not hold')).toBeTruthy();
    expect(screen.getByText('calls Pager of the night (not now)')).toBeTruthy();
    expect(screen.getByText('undone by other rules: Keep calm, this rule')).toBeTruthy();
    expect(net.calls.some(({ method }) => method === 'PUT')).toBe(false);
  });

  test('is saved under an id of its own, as something new', async () => {
    const net = await drafting({ 'PUT /v1/rules/urgent-words': ({ body }) => ({ body: { ...(body as object), id: 'urgent-words', version: 1, hits: 0, last_hit_at: null } }) });
    await userEvent.click(screen.getByLabelText('Switched on'));
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(net.calls.find(({ method }) => method === 'PUT')).toBeTruthy());
    const put = net.calls.find(({ method }) => method === 'PUT');
    expect(put?.headers.get('if-match')).toBe('"0"');
    expect(put?.body).toMatchObject({
      name: 'Urgent words',
      on: ['opened'],
      conditions: { all: [{ field: 'subject', contains: ['urgent', 'asap'] }] },
      actions: { changes: { priority: 'urgent' } },
      enabled: true,
    });
  });

  test('says what is wrong where it stands', async () => {
    const errors = [{ pointer: '/conditions/all/0/contains', message: 'must hold 1 to 100 values' }];
    await drafting({ 'PUT /v1/rules/urgent-words': () => ({ status: 400, body: { code: 'invalid', title: 'x', detail: 'x', status: 400, errors } }) });
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect((await screen.findByRole('alert')).textContent).toContain('must hold 1 to 100 values');
  });
});
