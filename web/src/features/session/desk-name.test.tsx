import { cleanup, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { SetupFrame } from '@/components/setup-bar';
import { SignInPage } from '@/features/session/sign-in-page';
import { network, renderInDesk, type Answers } from '@/lib/testing/desk';
import { me } from '@/lib/testing/examples';

const door: Answers = { 'GET /v1/portal/site': () => ({ body: { name: 'Hanbit Office Supplies' } }) };
const inside: Answers = { 'GET /v1/me': () => ({ body: { ...me, desk: 'Hanbit Office Supplies' } }) };

const page = (
  <SetupFrame title="Team" back="Back" bar={null}>
    <p>Here</p>
  </SetupFrame>
);

beforeEach(() => localStorage.clear());

test('a page is called by the desk as its settings say', async () => {
  await renderInDesk(page, network(inside));
  await waitFor(() => expect(document.title).toBe('Team · Hanbit Office Supplies'));
});

test('the name stands at once on a device that has seen it', async () => {
  await renderInDesk(page, network(inside));
  await waitFor(() => expect(document.title).toBe('Team · Hanbit Office Supplies'));
  cleanup();
  await renderInDesk(page, network({}));
  expect(document.title).toBe('Team · Hanbit Office Supplies');
});

test('who has not signed in is told what the portal tells everybody, and never another name first', async () => {
  const net = network(door);
  await renderInDesk(<SignInPage returnTo="/" />, net);
  expect(screen.queryByText('Test desk')).toBeNull();
  expect(await screen.findByRole('heading', { name: 'Hanbit Office Supplies' })).toBeTruthy();
  expect(document.title).toBe('Hanbit Office Supplies');
  expect(net.calls.map(({ path }) => path)).toEqual(['/v1/portal/site']);
});

test('where the portal does not answer, what the deployment wrote is shown', async () => {
  await renderInDesk(<SignInPage returnTo="/" />, network({}));
  expect(await screen.findByRole('heading', { name: 'Test desk' })).toBeTruthy();
});
