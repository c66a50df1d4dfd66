import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { Remove } from '@/components/remove';
import { network, renderInDesk } from '@/lib/testing/desk';

test('what is taken away is asked about first, and can still be kept', async () => {
  const remove = vi.fn();
  await renderInDesk(<Remove name="Damaged goods" text="What it did to tickets stays." busy={false} onRemove={remove} />, network({}));
  const ask = screen.getByRole('button', { name: 'Remove' });
  await userEvent.click(ask);
  expect(screen.getByRole('dialog', { name: 'Remove “Damaged goods”?' }).textContent).toContain('What it did to tickets stays.');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(remove).not.toHaveBeenCalled();
  await userEvent.click(ask);
  await userEvent.click(screen.getAllByRole('button', { name: 'Remove' }).at(-1) ?? ask);
  expect(remove).toHaveBeenCalledOnce();
  expect(screen.queryByRole('dialog')).toBeNull();
});
