import { expect, test } from 'vitest';
import { hasFilter, toggleFilter } from '@/lib/tickets/query';

test('a filter is put behind the words and taken out again', () => {
  expect(toggleFilter('broken lamp', 'assignee:me')).toBe('broken lamp assignee:me');
  expect(toggleFilter('broken assignee:me lamp', 'assignee:me')).toBe('broken lamp');
  expect(toggleFilter('', 'status:active')).toBe('status:active');
});
test('a part of another filter is not that filter', () => {
  expect(hasFilter('assignee:meg', 'assignee:me')).toBe(false);
  expect(hasFilter('priority:urgent,high', 'priority:urgent')).toBe(false);
});
