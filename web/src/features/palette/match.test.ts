import { describe, expect, test } from 'vitest';
import { fit, fitting } from './match';

describe('a name in the palette', () => {
  test('that begins as typed comes before one that has it inside', () => {
    const items = [{ label: 'Unassigned' }, { label: 'Assign to me' }, { label: 'My signature' }];
    expect(fitting(items, 'sign').map(({ label }) => label)).toEqual(['Unassigned', 'Assign to me', 'My signature'].toSorted((one, other) => (fit(one, 'sign') ?? 9) - (fit(other, 'sign') ?? 9)));
    expect(fitting(items, 'assign')[0]?.label).toBe('Assign to me');
  });
  test('is found by several words in any order', () => {
    expect(fit('Status: On hold', 'hold status')).toBe(1);
    expect(fit('Status: On hold', 'hold solved')).toBeNull();
  });
  test('is found without its accents and by letters in order', () => {
    expect(fit('Zuweisen an André', 'andre')).toBe(1);
    expect(fit('Assign to Daniel Weber', 'asdw')).toBe(3);
  });
  test('is found by Korean typed in part', () => {
    expect(fit('담당자: 박지우', '박지')).not.toBeNull();
  });
});
