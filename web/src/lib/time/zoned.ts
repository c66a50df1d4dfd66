// Wall time of another place: what is typed there as an instant.

/** By how much a zone's clock is ahead of UTC at an instant, in milliseconds. */
function ahead(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(at / 1000) * 1000;
}

/**
 * The instant at which a zone's clock shows what is typed ("2026-12-24T13:00"), in ISO 8601; null: nothing sensible is typed, or there is no
 * such zone. Of a time that comes twice it is the first; one that is skipped is read as if the clock had not been put forward yet.
 */
export function instantIn(wall: string, zone: string): string | null {
  const shown = Date.parse(`${wall}Z`);
  if (Number.isNaN(shown)) return null;
  try {
    // The two offsets that can hold around it: a day is longer than any zone's distance from UTC.
    const [before, after] = [ahead(shown - 86_400_000, zone), ahead(shown + 86_400_000, zone)];
    const at = [shown - before, shown - after].find((one) => one + ahead(one, zone) === shown) ?? shown - before;
    return new Date(at).toISOString();
  } catch {
    return null;
  }
}
