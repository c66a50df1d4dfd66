// All business calendars, each as it stands.
import { Button } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { FeedState } from './elsewhere';
import { timeOf } from './lengths';
import { useTelling } from './use-telling';
import type { Calendar } from '@/lib/api/types';
import { useCalendars } from '@/lib/data/sla';
import type { Language } from '@/lib/i18n/languages';

const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** What the days of a week are called, Monday first. */
export const dayNames = (language: Language, weekday: 'short' | 'long' = 'short'): string[] => {
  const format = new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, day) => format.format(MONDAY + day * DAY_MS));
};

/** Days in a row with the same hours, told once: "Mon–Fri 09:00–18:00". */
function hoursOf(weekly: Calendar['weekly'], language: Language): string[] {
  const names = dayNames(language);
  const said: { first: number; last: number; hours: string }[] = [];
  weekly.forEach((windows, day) => {
    const hours = windows.map(({ start, end }) => `${timeOf(start)}–${timeOf(end)}`).join(', ');
    const before = said.at(-1);
    if (before?.last === day - 1 && before.hours === hours) before.last = day;
    else said.push({ first: day, last: day, hours });
  });
  return said.filter(({ hours }) => hours !== '').map(({ first, last, hours }) => `${first === last ? (names[first] ?? '') : `${names[first] ?? ''}–${names[last] ?? ''}`} ${hours}`);
}

export function countryName(code: string, language: Language): string {
  try {
    return new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code;
  } catch {
    return code; // half typed
  }
}

export function CalendarList() {
  const { w, language } = useTelling();
  const navigate = useNavigate();
  const { data: calendars } = useCalendars();
  return (
    <>
      <div className="setup__head">
        <div>
          <h1 className="setup__title">{w('calendar.title')}</h1>
          <p className="setup__text">{w('calendar.text')}</p>
        </div>
        <Button onClick={() => void navigate('/sla/calendars/new')}>{w('calendar.add')}</Button>
      </div>
      <ul className="policies" aria-busy={calendars === undefined}>
        {calendars?.map((calendar) => (
          <li key={calendar.id} className="policy">
            <div className="policy__text">
              <h2 className="policy__name">
                <Link className="link" to={`/sla/calendars/${calendar.id}`}>
                  {calendar.name}
                </Link>
                <span className="policy__version">{w('list.version', { version: calendar.revision })}</span>
              </h2>
              <ul className="policy__lines">
                <li>{calendar.always ? w('explain.anyTime') : hoursOf(calendar.weekly, language).join(' · ') || w('calendar.never')}</li>
                <li>{calendar.zone}</li>
                {calendar.holiday_country && <li>{w('calendar.holidaysOf', { country: countryName(calendar.holiday_country, language) })}</li>}
              </ul>
              {calendar.feed && <FeedState feed={calendar.feed} />}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
