// Instants and spans as people say them in each language.
import type { Language } from '@/lib/i18n/languages';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(language: Language, kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language}:${kind}`;
  const kept = dateFormats.get(key) ?? new Intl.DateTimeFormat(language, options);
  dateFormats.set(key, kept);
  return kept;
}

/** "1 h 05 m", "12 m", "3 d 4 h": two units at most, whole minutes, never below one minute. */
export function span(seconds: number, language: Language): string {
  const whole = Math.max(Math.floor(seconds), MINUTE);
  const days = Math.floor(whole / DAY);
  const hours = Math.floor((whole % DAY) / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const [d, h, m] = { en: [' d', ' h', ' m'], ko: ['일', '시간', '분'], ja: ['日', '時間', '分'] }[language];
  if (days > 0) return hours > 0 ? `${days}${d ?? ''} ${hours}${h ?? ''}` : `${days}${d ?? ''}`;
  if (hours === 0) return `${minutes}${m ?? ''}`;
  const padded = language === 'en' ? String(minutes).padStart(2, '0') : String(minutes);
  return minutes > 0 || language === 'en' ? `${hours}${h ?? ''} ${padded}${m ?? ''}` : `${hours}${h ?? ''}`;
}

/** "now", "5 min. ago", "yesterday", then the date: what a line in a list or a letter's head says. */
export function relative(instant: string, now: number, language: Language): string {
  const at = Date.parse(instant);
  const seconds = Math.round((now - at) / 1000);
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const ago = (length: number, unit: 'minute' | 'hour' | 'day'): string => {
    const said = words.format(-Math.floor(seconds / length), unit);
    return language === 'ja' ? said.replace(' ', '') : said; // as all numbers stand before Japanese words here
  };
  if (seconds < MINUTE) return words.format(0, 'second');
  if (seconds < HOUR) return ago(MINUTE, 'minute');
  if (seconds < DAY) return ago(HOUR, 'hour');
  if (seconds < 7 * DAY) return ago(DAY, 'day');
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return sameYear
    ? dateFormat(language, 'day', { month: 'short', day: 'numeric' }).format(at)
    : dateFormat(language, 'year', { year: 'numeric', month: 'short', day: 'numeric' }).format(at);
}

/** The full instant, in the reader's own time zone: for titles and tooltips. */
export const exact = (instant: string, language: Language): string =>
  dateFormat(language, 'exact', { dateStyle: 'full', timeStyle: 'medium' }).format(Date.parse(instant));

/** "Mon 24 Nov, 14:05": when something is due. */
export const moment = (instant: string, language: Language): string =>
  dateFormat(language, 'moment', { weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(
    Date.parse(instant),
  );

/** "Thursday, 26 November 2026 at 14:30 Korean Standard Time": what was chosen, said so that it cannot be taken for another; without a zone (null) a day alone. */
export function spelled(instant: string, language: Language, zone: string | null | undefined): string {
  const day = { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' } as const;
  const options = zone === null ? { ...day, timeZone: 'UTC' } : { ...day, hour: 'numeric', minute: '2-digit', timeZoneName: 'long', ...(zone === undefined ? {} : { timeZone: zone }) } as const;
  return dateFormat(language, `spelled:${String(zone)}`, options).format(Date.parse(instant));
}

/** "1.4 MB". */
export function fileSize(bytes: number, language: Language): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let value = bytes;
  let step = 0;
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  const digits = step > 1 ? 1 : 0;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);
}

/** The instant, or null when it has passed: a promise that was not kept is not repeated. */
export const stillAhead = (instant: string | null | undefined): string | null =>
  instant && Date.parse(instant) > Date.now() ? instant : null;
