import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { currentToasts, dismiss, holdToasts, letToastsGo, retell, toast, undoing, undoLatest } from '@/lib/toasts';

const told = () => currentToasts().map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const { id } of currentToasts()) dismiss(id);
  vi.useRealTimers();
});

test('good news go soon, problems and what can be taken back stay longer', () => {
  toast('Saved');
  toast('Not sent', null, 'problem');
  toast('Solved', undoing('Undo', vi.fn()));
  vi.advanceTimersByTime(6_000);
  expect(told()).toEqual(['Not sent', 'Solved']);
  vi.advanceTimersByTime(6_000);
  expect(told()).toEqual([]);
});
test('while somebody is at them they stay, but for those whose term ends', () => {
  toast('Solved', undoing('Undo', vi.fn()));
  toast('Sent in five seconds', undoing('Undo', vi.fn()), 'plain', 5_000);
  holdToasts();
  vi.advanceTimersByTime(60_000);
  expect(told()).toEqual(['Solved']);
  letToastsGo();
  vi.advanceTimersByTime(12_000);
  expect(told()).toEqual([]);
});
test('what was told last and can be taken back is taken back once', () => {
  const runs = { first: vi.fn(), second: vi.fn(), again: vi.fn() };
  toast('Solved', undoing('Undo', runs.first));
  toast('Assigned', undoing('Undo', runs.second));
  toast('Not sent', { label: 'Try again', run: runs.again }, 'problem');
  expect([undoLatest(), undoLatest(), undoLatest()]).toEqual([true, true, false]);
  expect(runs.second).toHaveBeenCalledBefore(runs.first);
  expect(runs.again).not.toHaveBeenCalled();
  expect(told()).toEqual(['Not sent']);
});
test('a toast tells of progress in one place, for as long as the latest of it says', () => {
  const id = toast('1 of 2', null, 'plain', 60_000);
  vi.advanceTimersByTime(10_000);
  expect(retell(id, 'Two changed', undoing('Undo', vi.fn()))).toBe(id);
  vi.advanceTimersByTime(11_000);
  expect(told()).toEqual(['Two changed']);
  vi.advanceTimersByTime(1_000);
  expect(told()).toEqual([]);
});
