import { expect, test } from 'vitest';
import { idFor } from '@/lib/ids';

test('an id follows from the name and is nobody else’s', () => {
  expect(idFor('Urgent, within 30 m!', [], 'policy')).toBe('urgent-within-30-m');
  expect(idFor('Urgent words!', ['urgent-words'], 'rule')).toBe('urgent-words-2');
  expect(idFor('급한 말', [], 'rule')).toBe('rule');
  expect(idFor('긴급', ['policy'], 'policy')).toBe('policy-2');
});
