// Possible incidents for a supervisor: what is alike, without a screen full of numbers.
import { act, configure, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { TriagePage } from './triage-page';
import { network, renderInDesk } from '@/lib/testing/desk';

configure({ asyncUtilTimeout: 5000 }); // words are fetched with the page

test('an incident of many tickets shows the first of them and folds the rest away', { timeout: 20_000 }, async () => {
  const tickets = Array.from({ length: 8 }, (_, at) => ({ id: `01${at}`, number: 100 + at, subject: 'VPN down', status: 'open', requester: { id: 'q' } }));
  const net = network({
    'GET /v1/suspected-incidents': () => ({ body: { items: [{ id: 's', at: '2026-11-23T01:00:00.000Z', people: 8, tickets }] } }),
  });
  await act(() => renderInDesk(<TriagePage />, net));
  const folded = (await screen.findByText('And 3 more')).closest('details');
  if (folded === null) throw new Error('Nothing is folded.');
  expect(folded.open).toBe(false);
  expect(within(folded).getAllByRole('link', { hidden: true }).map(({ textContent }) => textContent)).toEqual(['#105', '#106', '#107']);
  expect(screen.getByRole('link', { name: '#104' })).toBeTruthy();
});
