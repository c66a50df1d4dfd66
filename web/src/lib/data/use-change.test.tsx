import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { useChange } from '@/lib/data/use-change';
import { useTicket } from '@/lib/data/tickets';
import { network, renderInDesk, type Answers } from '@/lib/testing/desk';
import { ticket } from '@/lib/testing/examples';
import { currentToasts } from '@/lib/toasts';

function Page() {
  const { data } = useTicket('tic_1', () => Promise.resolve());
  const change = useChange('tic_1');
  return (
    <>
      <output>{data?.status}</output>
      <button type="button" onClick={() => change({ status: 'solved' })}>
        Solve
      </button>
    </>
  );
}

const GET = 'GET /v1/tickets/tic_1';
const PATCH = 'PATCH /v1/tickets/tic_1';
const lists = { 'GET /v1/agents': () => ({ body: { items: [], next_cursor: null } }) };

async function page(answers: Answers) {
  const net = network({ ...lists, ...answers });
  await renderInDesk(<Page />, net);
  await screen.findByText('open');
  return { patches: () => net.calls.filter((call) => call.method === 'PATCH') };
}

describe('changing a ticket', () => {
  test('shows at once and is sent with the version it was made on', async () => {
    let stored = ticket;
    const { patches } = await page({
      [GET]: () => ({ body: stored }),
      [PATCH]: () => {
        stored = { ...ticket, status: 'solved', version: 8 };
        return { body: stored };
      },
    });
    await userEvent.click(screen.getByText('Solve'));
    await screen.findByText('solved');
    await waitFor(() => expect(patches()[0]?.headers.get('if-match')).toBe('"7"'));
    await waitFor(() => expect(currentToasts().at(-1)).toMatchObject({ text: 'Status: Solved', action: { label: 'Undo' } }));
  });
  test('can be undone with the version that the change made', async () => {
    let stored = ticket;
    const { patches } = await page({
      [GET]: () => ({ body: stored }),
      [PATCH]: ({ body }) => {
        stored = { ...stored, ...(body as object), version: stored.version + 1 };
        return { body: stored };
      },
    });
    await userEvent.click(screen.getByText('Solve'));
    await waitFor(() => expect(patches()).toHaveLength(1));
    await waitFor(() => expect(currentToasts().at(-1)?.action?.label).toBe('Undo'));
    currentToasts().at(-1)?.action?.run();
    await screen.findByText('open');
    await waitFor(() => expect(patches()[1]?.headers.get('if-match')).toBe('"8"'));
    expect(patches()[1]?.body).toEqual({ status: 'open' });
  });
  test('gives way to whoever was first, says so, and offers to apply it again', async () => {
    let stored = ticket;
    const { patches } = await page({
      [GET]: () => ({ body: stored }),
      [PATCH]: ({ headers }) => {
        if (headers.get('if-match') === '"7"') {
          stored = { ...ticket, status: 'pending', version: 9 };
          return { status: 409, body: { code: 'stale_version' } };
        }
        stored = { ...stored, status: 'solved', version: 10 };
        return { body: stored };
      },
    });
    await userEvent.click(screen.getByText('Solve'));
    await screen.findByText('pending');
    const told = currentToasts().at(-1);
    expect(told).toMatchObject({ tone: 'problem', action: { label: 'Apply mine' } });
    told?.action?.run();
    await screen.findByText('solved');
    expect(patches()[1]?.headers.get('if-match')).toBe('"9"');
  });
  test('is taken back when the desk refuses it', async () => {
    let asked = 0;
    await page({
      // What was shown before has to come back by itself: the desk is not asked again successfully.
      [GET]: () => ((asked += 1) === 1 ? { body: ticket } : new TypeError('offline')),
      [PATCH]: () => ({ status: 422, body: { code: 'invalid', detail: 'Not from here.' } }),
    });
    await userEvent.click(screen.getByText('Solve'));
    await waitFor(() => expect(currentToasts().at(-1)?.text).toContain('Not from here.'));
    expect(screen.getByText('open')).toBeDefined();
  });
});
