import { createEvent, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useHeldDown } from './use-held-down';

const onHeld = vi.fn();
const onClick = vi.fn();

function Row() {
  return (
    <button type="button" {...useHeldDown(onHeld)} onClick={onClick}>
      row
    </button>
  );
}

function press(pointerType: string, ms: number, end: 'pointerUp' | 'pointerCancel' = 'pointerUp'): void {
  const row = screen.getByRole('button');
  const down = createEvent.pointerDown(row);
  Object.defineProperty(down, 'pointerType', { value: pointerType }); // not of the events that tests make
  fireEvent(row, down);
  vi.advanceTimersByTime(ms);
  fireEvent[end](row);
  vi.advanceTimersByTime(1_000);
  if (end === 'pointerUp') fireEvent.click(row);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  render(<Row />);
});
afterEach(() => void vi.useRealTimers());

test('a finger that rests selects and opens nothing; the next tap opens', () => {
  press('touch', 600);
  expect([onHeld.mock.calls.length, onClick.mock.calls.length]).toEqual([1, 0]);
  press('touch', 100);
  expect([onHeld.mock.calls.length, onClick.mock.calls.length]).toEqual([1, 1]);
});

test('neither a finger that scrolls nor a mouse that is held down selects', () => {
  press('touch', 200, 'pointerCancel');
  press('mouse', 600);
  expect([onHeld.mock.calls.length, onClick.mock.calls.length]).toEqual([0, 1]);
});
