import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Suspense } from 'react';
import { expect, test } from 'vitest';
import { Tour } from './tour';
import { useTour } from '@/lib/data/tour';
import { network, renderInDesk } from '@/lib/testing/desk';
import { me } from '@/lib/testing/examples';

function Visit() {
  const tour = useTour();
  return tour.wanted ? <Suspense><Tour onDone={tour.done} /></Suspense> : <button type="button" onClick={tour.again}>again</button>;
}

const desk = (id: string) => network({ 'GET /v1/me': () => ({ body: { ...me, id } }) });
const visited = (id: string) => act(() => renderInDesk(<Visit />, desk(id)));

test('the tour goes on and back, is skipped once for a colleague, and can be had again', async () => {
  const first = await visited('ag_1');
  expect(await screen.findByText('Most pressing first')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Next' }));
  expect(screen.getByText('2 of 5')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Back' }));
  await userEvent.click(screen.getByRole('button', { name: 'Skip the tour' }));
  expect(screen.getByRole('button', { name: 'again' })).toBeDefined();
  first.unmount();
  const second = await visited('ag_1');
  expect(await screen.findByRole('button', { name: 'again' })).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'again' }));
  expect(await screen.findByText('1 of 5')).toBeDefined();
  second.unmount();
  await visited('ag_2');
  expect(await screen.findByText('1 of 5')).toBeDefined();
});
