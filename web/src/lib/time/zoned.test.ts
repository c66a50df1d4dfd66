import { describe, expect, it } from 'vitest';
import { instantIn } from './zoned';

describe('wall time of another place', () => {
  it.each([
    ['2026-12-24T13:00', 'Asia/Seoul', '2026-12-24T04:00:00.000Z'],
    ['2026-07-01T09:30', 'Europe/Berlin', '2026-07-01T07:30:00.000Z'],
    ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'], // just after the clock was put forward
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'], // nobody's clock shows it
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'], // the first of two
    ['2026-10-25T03:30', 'Europe/Berlin', '2026-10-25T02:30:00.000Z'],
    ['2026-01-01T00:00', 'Pacific/Kiritimati', '2025-12-31T10:00:00.000Z'],
    ['2026-12-24T13:00', 'UTC', '2026-12-24T13:00:00.000Z'],
  ])('%s in %s', (wall, zone, instant) => {
    expect(instantIn(wall, zone)).toBe(instant);
  });

  it('is nothing while it is half typed, or of a zone that is not there', () => {
    expect(instantIn('', 'UTC')).toBeNull();
    expect(instantIn('2026-12-24', 'Asia/Seo')).toBeNull();
  });
});
