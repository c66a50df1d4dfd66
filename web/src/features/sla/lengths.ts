// Lengths of time as people type and read them: "30m", "1h 30m", "2d"; minutes where no unit is said.
import type { Language } from '@/lib/i18n/languages';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

const UNITS: Readonly<Record<string, number>> = {
  s: 1, sec: 1, second: 1, seconds: 1, 초: 1, 秒: 1,
  m: MINUTE, min: MINUTE, minute: MINUTE, minutes: MINUTE, 분: MINUTE, 分: MINUTE,
  h: HOUR, hour: HOUR, hours: HOUR, 시간: HOUR, 時間: HOUR,
  d: DAY, day: DAY, days: DAY, 일: DAY, 日: DAY,
};
const PART = /(\d+(?:\.\d+)?)\s*([a-z초분시간일秒分時間日]*)\s*/giy;

/** Seconds; null for what is no length, and for none at all. */
export function parseLength(text: string): number | null {
  const typed = text.trim().toLowerCase();
  if (typed === '') return null;
  let seconds = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < typed.length) {
    const part = PART.exec(typed);
    if (!part) return null;
    const unit = part[2] === '' ? MINUTE : UNITS[part[2] ?? ''];
    if (unit === undefined) return null;
    seconds += Number(part[1]) * unit;
  }
  const whole = Math.round(seconds);
  return whole >= 1 ? whole : null;
}

const NAMES: Record<Language, readonly [string, string, string, string]> = {
  en: ['d', 'h', 'm', 's'],
  ko: ['일', '시간', '분', '초'],
  ja: ['日', '時間', '分', '秒'],
};

/** "1h 30m", to the second. Days are said only where a day is a day: business time is told in hours. */
export function showLength(seconds: number, language: Language, business = true): string {
  const [day, hour, minute, second] = NAMES[language];
  let rest = Math.abs(Math.round(seconds));
  const parts: string[] = [];
  const units = [...(business ? [] : [[DAY, day] as const]), [HOUR, hour], [MINUTE, minute], [1, second]] as const;
  for (const [size, name] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${name}`);
  }
  return parts.join(' ') || `0${second}`;
}

/** "09:30" as minutes of the day. */
export const minuteOf = (time: string): number => {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
};

/** Minutes of the day as "09:30"; the day's end is the next one's "00:00". */
export const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
