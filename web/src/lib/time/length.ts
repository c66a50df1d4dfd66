// Lengths of work as people type them: "25", "25m", "1h 30m", "1.5h", "1:30".

const PARTS = /^(?:(\d+(?:[.,]\d+)?)\s*(?:h|시간|時間))?\s*(?:(\d+)\s*(?:m|min|분|分)?)?$/iu;

/** Seconds; null for what is no length, or none at all. A bare number is minutes. */
export function lengthOf(typed: string): number | null {
  const text = typed.trim();
  const clock = /^(\d{1,2}):([0-5]\d)$/.exec(text);
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60 || null;
  const parts = PARTS.exec(text);
  if (text === '' || !parts) return null;
  const hours = Number((parts[1] ?? '0').replace(',', '.'));
  const seconds = Math.round(hours * 3600) + Number(parts[2] ?? 0) * 60;
  return seconds > 0 ? seconds : null;
}
