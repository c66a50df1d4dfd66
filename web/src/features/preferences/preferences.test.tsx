import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { Preferences } from './preferences';
import { network, renderInDesk } from '@/lib/testing/desk';

test('the menu under my name comes when it is wanted, and Escape gives the focus back to the name', async () => {
  const net = network({ 'GET /v1/me': () => ({ body: { id: 'ag_1', name: 'Suki', email: 's@desk.test', role: 'agent', groups: [], permissions: ['read'] } }) });
  await renderInDesk(<Preferences onShortcuts={() => undefined} />, net);
  const name = await screen.findByRole('button', { name: /^Suki/ });
  await userEvent.click(name);
  const menu = await screen.findByRole('menu');
  expect(name.getAttribute('aria-expanded')).toBe('true');
  expect(menu.getAttribute('aria-labelledby')).toBe(name.id);
  await waitFor(() => expect(menu.contains(document.activeElement)).toBe(true));
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(name));
  await userEvent.keyboard('{Enter}');
  expect(await screen.findByRole('menuitem', { name: 'Your settings' })).toBeDefined();
});
