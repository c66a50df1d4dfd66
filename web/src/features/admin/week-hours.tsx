// Hours of each weekday: windows from and to, as many as a day has.
import type { Bound } from './form';
import { Fault } from './inputs';
import { useTelling } from './use-telling';
import { IconClose } from '@/components/icons';

type Windows = readonly { start: number; end: number }[];

const OFFICE = { start: 540, end: 1080 };
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

const timeOf = (minute: number): string => `${String(Math.floor((minute % 1440) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const minuteOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

export function WeekHours({ of, label }: { of: Bound<readonly Windows[]>; label: string }) {
  const { w, language } = useTelling();
  const days = Array.from({ length: 7 }, (_, day) => new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(MONDAY + day * DAY_MS));
  const set = (day: number, windows: Windows): void => of.set(days.map((_, at) => (at === day ? windows : (of.value[at] ?? []))));
  const fault = of.fault();
  return (
    <fieldset className="hours">
      <legend className="field__label">{label}</legend>
      <ul className="hours__days">
        {days.map((name, day) => {
          const windows = of.value[day] ?? [];
          return (
            <li key={name} className="hours__day">
              <span className="hours__name">{name}</span>
              {windows.length === 0 && <span className="field__hint">{w('hours.off')}</span>}
              {windows.map((one, at) => {
                const put = (part: Partial<typeof one>): void => set(day, windows.map((other, place) => (place === at ? { ...other, ...part } : other)));
                const where = { day: name, number: at + 1 };
                return (
                  <span key={`${day}-${at}`} className="hours__window">
                    <input type="time" className="input" aria-label={w('hours.from', where)} value={timeOf(one.start)} onChange={({ target }) => put({ start: minuteOf(target.value) })} />
                    –
                    <input type="time" className="input" aria-label={w('hours.to', where)} value={timeOf(one.end)} onChange={({ target }) => put({ end: minuteOf(target.value) })} />
                    <button type="button" className="icon-button" aria-label={w('hours.remove', where)} onClick={() => set(day, windows.filter((_, place) => place !== at))}>
                      <IconClose size={16} stroke={1.6} />
                    </button>
                  </span>
                );
              })}
              <button type="button" className="link" aria-label={w('hours.addTo', { day: name })} onClick={() => set(day, [...windows, OFFICE])}>
                {w('hours.add')}
              </button>
            </li>
          );
        })}
      </ul>
      <button type="button" className="link" onClick={() => of.set(days.map((_, day) => (day > 0 && day < 5 ? (of.value[0] ?? []) : (of.value[day] ?? []))))}>
        {w('hours.copy')}
      </button>
      {fault !== undefined && <Fault text={fault} />}
    </fieldset>
  );
}
