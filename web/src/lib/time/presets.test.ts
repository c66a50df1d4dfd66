import { describe, expect, test } from 'vitest';
import { localValue, presets } from '@/lib/time/presets';

const names = (now: Date) => presets(now).map((preset) => `${preset.name} ${localValue(preset.at)}`);

describe('putting something off', () => {
  test('on a Wednesday morning offers later today, tomorrow, Monday and a week', () => {
    expect(names(new Date(2026, 10, 4, 10, 20))).toEqual(['in3hours 2026-11-04T13:00', 'tomorrow 2026-11-05T09:00', 'monday 2026-11-09T09:00', 'week 2026-11-11T09:00']);
  });
  test('in the evening offers nothing for today', () => {
    expect(presets(new Date(2026, 10, 4, 17, 0)).map(({ name }) => name)).not.toContain('in3hours');
  });
  test('on a Sunday does not call tomorrow Monday', () => {
    expect(presets(new Date(2026, 10, 8, 10, 0)).map(({ name }) => name)).toEqual(['in3hours', 'tomorrow', 'week']);
  });
  test('on a Monday does not offer the same morning twice', () => {
    expect(presets(new Date(2026, 10, 9, 10, 0)).map(({ name }) => name)).toEqual(['in3hours', 'tomorrow', 'monday']);
  });
});
