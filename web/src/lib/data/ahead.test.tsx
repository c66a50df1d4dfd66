import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { REST_MS, usePrefetchTicket } from '@/lib/data/ahead';
import { useAnswers } from '@/lib/data/answers';
import { useConversation } from '@/lib/data/messages';
import { network, renderInDesk, type Answers } from '@/lib/testing/desk';
import { ticket } from '@/lib/testing/examples';

const NOTHING = { items: [], next_cursor: null };
const OF = (id: string): Answers => ({
  [`GET /v1/tickets/${id}`]: () => ({ body: { ...ticket, id } }),
  [`GET /v1/tickets/${id}/messages`]: () => ({ body: NOTHING }),
  [`GET /v1/tickets/${id}/history`]: () => ({ body: NOTHING }),
});

afterEach(() => {
  vi.useRealTimers();
});

test('a ticket that hands rest on is fetched with its words, those they pass are not', async () => {
  function Rows() {
    const prefetch = usePrefetchTicket();
    return ['tic_1', 'tic_2'].map((id) => <p key={id} onPointerEnter={() => prefetch(id)}>{`row of ${id}`}</p>);
  }
  const net = network({ ...OF('tic_1'), ...OF('tic_2') });
  await renderInDesk(<Rows />, net);
  await screen.findByText('row of tic_1');
  vi.useFakeTimers();
  fireEvent.pointerEnter(screen.getByText('row of tic_1'));
  vi.advanceTimersByTime(REST_MS - 1);
  fireEvent.pointerEnter(screen.getByText('row of tic_2'));
  vi.advanceTimersByTime(REST_MS);
  vi.useRealTimers();
  await waitFor(() => expect(net.calls.map(({ path }) => path)).toEqual(['/v1/tickets/tic_2', '/v1/tickets/tic_2/messages', '/v1/tickets/tic_2/history']));
});

test('the words are asked for first, and what stands beside them once they are there', async () => {
  function Beside() {
    const { data } = useAnswers('tic_1');
    return <output>{data ? 'all there' : 'waiting'}</output>;
  }
  function Page() {
    useConversation('tic_1');
    return <Beside />;
  }
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const net = network({
    ...OF('tic_1'),
    'GET /v1/tickets/tic_1/messages': async () => {
      await arrived;
      return { body: NOTHING };
    },
    'GET /v1/tickets/tic_1/answers': () => ({ body: { articles: [] } }),
  });
  await renderInDesk(<Page />, net);
  await waitFor(() => expect(net.calls.map(({ path }) => path)).toEqual(['/v1/tickets/tic_1/messages', '/v1/tickets/tic_1/history']));
  expect(screen.getByText('waiting')).toBeTruthy();
  act(arrive);
  await screen.findByText('all there');
});
