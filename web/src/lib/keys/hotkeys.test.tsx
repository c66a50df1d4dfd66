import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { useHotkeys, type Hotkey } from '@/lib/keys/hotkeys';

function Page({ keys }: { keys: readonly Hotkey[] }) {
  useHotkeys(keys);
  return (
    <>
      <input aria-label="field" />
      <input type="checkbox" aria-label="box" />
      <button type="button">press</button>
    </>
  );
}

test('a key runs what it is bound to, but not while someone is typing', async () => {
  const run = vi.fn();
  render(<Page keys={[{ keys: 'j', run }]} />);
  await userEvent.keyboard('j');
  expect(run).toHaveBeenCalledOnce();
  await userEvent.type(screen.getByLabelText('field'), 'jjj');
  expect(run).toHaveBeenCalledOnce();
});
test('a box that was just ticked keeps no key from the list it stands in', async () => {
  const run = vi.fn();
  render(<Page keys={[{ keys: 's', run }]} />);
  await userEvent.click(screen.getByLabelText('box'));
  await userEvent.keyboard('s');
  expect(run).toHaveBeenCalledOnce();
  await userEvent.keyboard(' ');
  expect(screen.getByLabelText<HTMLInputElement>('box').checked).toBe(false);
});
test('a sequence needs both keys, in order', async () => {
  const run = vi.fn();
  const single = vi.fn();
  render(<Page keys={[{ keys: 'g u', run }, { keys: 'u', run: single }]} />);
  await userEvent.keyboard('gu');
  expect(run).toHaveBeenCalledOnce();
  expect(single).not.toHaveBeenCalled();
  await userEvent.keyboard('u');
  expect(single).toHaveBeenCalledOnce();
});
test('keys with Ctrl, Cmd or Alt belong to the browser', async () => {
  const run = vi.fn();
  render(<Page keys={[{ keys: 'r', run }]} />);
  await userEvent.keyboard('{Control>}r{/Control}{Meta>}r{/Meta}{Alt>}r{/Alt}');
  expect(run).not.toHaveBeenCalled();
});
test('Enter on a focused button presses the button', async () => {
  const run = vi.fn();
  render(<Page keys={[{ keys: 'Enter', run }]} />);
  screen.getByText('press').focus();
  await userEvent.keyboard('{Enter}');
  expect(run).not.toHaveBeenCalled();
});
test('of two bindings of one key the later mounted wins, until it is gone', async () => {
  const below = vi.fn();
  const above = vi.fn();
  render(<Page keys={[{ keys: 'Escape', run: below }]} />);
  const dialog = render(<Page keys={[{ keys: 'Escape', run: above }]} />);
  await userEvent.keyboard('{Escape}');
  dialog.unmount();
  await userEvent.keyboard('{Escape}');
  expect([above.mock.calls.length, below.mock.calls.length]).toEqual([1, 1]);
});
