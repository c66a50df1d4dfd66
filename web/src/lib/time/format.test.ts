import { describe, expect, test } from 'vitest';
import { fileSize, relative, span } from '@/lib/time/format';

describe('a span', () => {
  test.each([
    [0, '1 m'],
    [59, '1 m'],
    [12 * 60, '12 m'],
    [3900, '1 h 05 m'],
    [26 * 3600, '1 d 2 h'],
    [48 * 3600, '2 d'],
  ])('of %i seconds reads "%s"', (seconds, text) => {
    expect(span(seconds, 'en')).toBe(text);
  });
  test('speaks the language of the page', () => {
    expect(span(3900, 'ko')).toBe('1시간 5분');
    expect(span(3900, 'ja')).toBe('1時間 5分');
  });
});

describe('an instant', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  test.each([
    ['2026-11-21T11:59:40Z', 'now'],
    ['2026-11-21T11:48:00Z', '12 min. ago'],
    ['2026-11-20T11:00:00Z', 'yesterday'],
    ['2026-03-02T11:00:00Z', 'Mar 2'],
    ['2024-03-02T11:00:00Z', 'Mar 2, 2024'],
  ])('%s is "%s"', (instant, text) => {
    expect(relative(instant, now, 'en')).toBe(text);
  });
  test('in Japanese no gap stands between a number and its unit', () => {
    expect(relative('2026-11-21T11:48:00Z', now, 'ja')).toBe('12分前');
    expect(relative('2026-11-18T11:00:00Z', now, 'ja')).toBe('3日前');
  });
  test('a little in the future, as clocks differ, is now', () => {
    expect(relative('2026-11-21T12:00:04Z', now, 'en')).toBe('now');
  });
});

test('sizes of files are in the units that people know', () => {
  expect(fileSize(24_900_000, 'en')).toBe('24.9 MB');
  expect(fileSize(512, 'en')).toBe('512 byte');
});
