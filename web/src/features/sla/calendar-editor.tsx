// Drafting a business calendar: zone, hours of each day, holidays; tried on last month before it is kept.
import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { countryName, dayNames } from './calendar-list';
import { sentOf } from './draft';
import { ClosedHours, Follow, ImportFile } from './elsewhere';
import { minuteOf, timeOf } from './lengths';
import { Preview } from './preview';
import { useTelling } from './use-telling';
import { Field } from '@/components/form';
import { IconClose } from '@/components/icons';
import { Remove } from '@/components/remove';
import { ApiError } from '@/lib/api/problem';
import type { Calendar, CalendarEvents, CalendarIn, SlaDraft } from '@/lib/api/types';
import { useCalendars, usePolicies, useReadFeed, useRemoveCalendar, useSaveCalendar } from '@/lib/data/sla';
import { idFor } from '@/lib/ids';
import { toast } from '@/lib/toasts';

const OFFICE = { start: 540, end: 1080 };
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const zones = (): string[] => Intl.supportedValuesOf('timeZone');

interface CalendarDraft extends Pick<Required<CalendarIn>, 'name' | 'zone' | 'weekly' | 'always' | 'closed_hours'> {
  id: string | null;
  country: string;
  subdivision: string;
  closed: string;
  worked: string;
  feed: string;
  feedLeaveOut: string;
}

const fresh = (): CalendarDraft => ({
  id: null,
  name: '',
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  weekly: Array.from({ length: 7 }, (_, day) => (day < 5 ? [OFFICE] : [])),
  always: false,
  country: '',
  subdivision: '',
  closed: '',
  worked: '',
  closed_hours: [],
  feed: '',
  feedLeaveOut: '',
});

const draftOf = (calendar: Calendar): CalendarDraft => ({
  id: calendar.id,
  name: calendar.name,
  zone: calendar.zone,
  weekly: calendar.weekly,
  always: calendar.always,
  country: calendar.holiday_country ?? '',
  subdivision: calendar.holiday_subdivision ?? '',
  closed: calendar.extra_holidays.join('\n'),
  worked: calendar.working_days_despite_holiday.join('\n'),
  closed_hours: calendar.closed_hours,
  feed: calendar.feed_url ?? '',
  feedLeaveOut: calendar.feed_leave_out.join(', '),
});

const daysIn = (text: string): string[] => text.split(/[\s,]+/).filter((day) => day !== '');

const sent = (draft: CalendarDraft): CalendarIn => ({
  name: draft.name.trim(),
  zone: draft.zone.trim(),
  weekly: draft.weekly,
  always: draft.always,
  holiday_country: draft.country.trim().toUpperCase() || null,
  holiday_subdivision: draft.subdivision.trim() || null,
  extra_holidays: daysIn(draft.closed),
  working_days_despite_holiday: daysIn(draft.worked),
  closed_hours: draft.closed_hours,
  feed_url: draft.feed.trim() || null,
  feed_leave_out: draft.feedLeaveOut.split(',').map((one) => one.trim()).filter((one) => one !== ''),
});

/** A draft that is closed also when a file says so; what it has already it keeps once. */
function closedToo(draft: CalendarDraft, found: CalendarEvents): Partial<CalendarDraft> {
  const hours = new Map([...draft.closed_hours, ...found.hours].map((one) => [`${Date.parse(one.since)} ${Date.parse(one.until)}`, one]));
  return {
    closed: [...new Set([...daysIn(draft.closed), ...found.days])].sort().join('\n'),
    closed_hours: [...hours.values()].sort((a, b) => Date.parse(a.since) - Date.parse(b.since)),
  };
}

const PLACES: Readonly<Record<string, string>> = {
  name: 'name',
  zone: 'zone',
  holiday_country: 'country',
  holiday_subdivision: 'country',
  extra_holidays: 'closed',
  feed_url: 'feed',
  working_days_despite_holiday: 'worked',
};

export function CalendarEditor() {
  const { id } = useParams();
  const { data: calendars } = useCalendars();
  if (!calendars) return <div aria-busy="true" />;
  const live = calendars.find((one) => one.id === id);
  return <Editor key={id ?? 'new'} start={live ? draftOf(live) : fresh()} calendars={calendars} live={live ?? null} />;
}

function Editor({ start, calendars, live }: { start: CalendarDraft; calendars: readonly Calendar[]; live: Calendar | null }) {
  const { w, language } = useTelling();
  const navigate = useNavigate();
  const { data: policies = [] } = usePolicies();
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState<CalendarDraft | null>(null);
  const [attempted, setAttempted] = useState(false);
  const [said, setSaid] = useState<ReadonlyMap<string, string>>(new Map());
  const save = useSaveCalendar();
  const remove = useRemoveCalendar();
  const read = useReadFeed();
  const known = live?.public_holidays ?? [];
  const zoneList = useId();
  const id = draft.id ?? idFor(draft.name, calendars.map((one) => one.id), 'calendar');
  const wrongDays = (text: string): boolean => daysIn(text).some((day) => !DAY.test(day) || Number.isNaN(Date.parse(day)));
  const faults = new Map<string, string>();
  if (draft.name.trim() === '' && attempted) faults.set('name', w('fault.required'));
  if (!zones().includes(draft.zone) && draft.zone !== 'UTC' && attempted) faults.set('zone', w('fault.zone'));
  if (wrongDays(draft.closed)) faults.set('closed', w('fault.days'));
  if (wrongDays(draft.worked)) faults.set('worked', w('fault.days'));
  const faultOf = (field: string): string | undefined => said.get(field) ?? faults.get(field);
  const change = (part: Partial<CalendarDraft>): void => {
    setDraft({ ...draft, ...part });
    setSaid(new Map());
  };
  const ready = (): boolean => {
    setAttempted(true);
    return draft.name.trim() !== '' && faults.size === 0;
  };
  const refuse = (error: ApiError): void => {
    const entries = error.errors.map(({ pointer, message }) => [PLACES[pointer.split('/').findLast((part) => part in PLACES) ?? ''] ?? 'zone', message] as const);
    setSaid(new Map(entries.length > 0 ? entries : [[error.code === 'calendar_invalid' && error.detail.includes('public holidays') ? 'country' : 'zone', error.detail]]));
  };
  const keep = (): void => {
    if (!ready()) return;
    save.mutate(
      { id, body: sent(draft) },
      {
        onSuccess: (kept) => {
          toast(w('calendar.saved', { name: draft.name }));
          if (kept.feed_url && kept.feed_url !== live?.feed_url) read.mutate(id); // what it says is wanted now, not in an hour
          void navigate('/sla/calendars');
        },
        onError: (error) => {
          if (error instanceof ApiError && error.status === 400) refuse(error);
          else toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem');
        },
      },
    );
  };
  const takeAway = (): void =>
    remove.mutate(id, {
      onSuccess: () => {
        toast(w('calendar.removed', { name: draft.name }));
        void navigate('/sla/calendars');
      },
      onError: (error) => toast(w('calendar.notRemoved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem'),
    });
  const used = policies.some((policy) => policy.calendar_id === id || [policy.group_calendars, policy.organization_calendars].some((of) => Object.values(of).includes(id)));
  const tryOut = (): Pick<SlaDraft, 'policies' | 'calendars'> | null =>
    ready() ? { policies: policies.map((one) => ({ ...sentOf(one), id: one.id })), calendars: { [id]: sent(draft) } } : null;
  return (
    <div className="setup-grid">
      <form
        className="setup__form"
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <h1 className="setup__title">{draft.id === null ? w('calendar.new') : draft.name || w('editor.unnamed')}</h1>
        <div className="fields">
          <Field label={w('editor.name')} fault={faultOf('name')}>
            {(wiring) => <input {...wiring} className="input" maxLength={100} value={draft.name} onChange={({ target }) => change({ name: target.value })} />}
          </Field>
          <Field label={w('calendar.zone')} fault={faultOf('zone')}>
            {(wiring) => (
              <>
                <input {...wiring} className="input" list={zoneList} autoComplete="off" spellCheck={false} value={draft.zone} onChange={({ target }) => change({ zone: target.value })} />
                <datalist id={zoneList}>
                  {zones().map((zone) => (
                    <option key={zone} value={zone} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
        </div>
        <label className="choice">
          <input type="checkbox" checked={draft.always} onChange={({ target }) => change({ always: target.checked })} />
          {w('explain.anyTime')}
        </label>
        {!draft.always && <Week weekly={draft.weekly} onChange={(weekly) => change({ weekly })} />}
        <h2 className="setup__part">{w('calendar.holidays')}</h2>
        <div className="fields">
          <Field label={w('calendar.country')} hint={draft.country.length === 2 ? countryName(draft.country.toUpperCase(), language) : w('calendar.countryHint')} fault={faultOf('country')}>
            {(wiring) => <input {...wiring} className="input input--short" maxLength={2} autoCapitalize="characters" value={draft.country} onChange={({ target }) => change({ country: target.value })} />}
          </Field>
          <Field label={w('calendar.subdivision')} hint={w('calendar.subdivisionHint')}>
            {(wiring) => <input {...wiring} className="input input--short" maxLength={8} value={draft.subdivision} onChange={({ target }) => change({ subdivision: target.value })} />}
          </Field>
        </div>
        <div className="fields">
          <Field label={w('calendar.closed')} hint={w('calendar.daysHint')} fault={faultOf('closed')}>
            {(wiring) => <textarea {...wiring} className="input" rows={4} value={draft.closed} onChange={({ target }) => change({ closed: target.value })} />}
          </Field>
          <Field label={w('calendar.worked')} hint={w('calendar.daysHint')} fault={faultOf('worked')}>
            {(wiring) => <textarea {...wiring} className="input" rows={4} value={draft.worked} onChange={({ target }) => change({ worked: target.value })} />}
          </Field>
        </div>
        <ClosedHours hours={draft.closed_hours} zone={draft.zone} onChange={(closed_hours) => change({ closed_hours })} />
        <h2 className="setup__part">{w('calendar.elsewhere')}</h2>
        <Follow
          url={draft.feed}
          leaveOut={draft.feedLeaveOut}
          feed={live?.feed && live.feed_url === draft.feed ? live.feed : null}
          fault={faultOf('feed')}
          reading={read.isPending}
          onRead={live?.feed_url === draft.feed ? () => read.mutate(id) : null}
          onChange={change}
        />
        <ImportFile id={id} zone={draft.zone} onTake={(found) => change(closedToo(draft, found))} />
        {known.length > 0 && (
          <details className="setup__details">
            <summary>{w('calendar.known', { count: known.length })}</summary>
            <p>{known.join(' · ')}</p>
          </details>
        )}
        <div className="setup__acts">
          <Button type="submit" loading={save.isPending}>
            {w('calendar.save')}
          </Button>
          <Button variant="default" onClick={() => void navigate('/sla/calendars')}>
            {w('editor.cancel')}
          </Button>
          {draft.id !== null && (
            <Remove name={draft.name} text={w('calendar.removeText')} busy={remove.isPending} onRemove={takeAway} />
          )}
        </div>
        <p className="setup__text">{w('calendar.savedMeans')}</p>
      </form>
      {used && (
        <aside className="setup__side">
          <Preview draft={tryOut} zone={draft.zone || 'UTC'} outdated={tried !== draft} onTried={() => setTried(draft)} onRefused={refuse} />
        </aside>
      )}
    </div>
  );
}

function Week({ weekly, onChange }: { weekly: Calendar['weekly']; onChange: (weekly: Calendar['weekly']) => void }) {
  const { w, language } = useTelling();
  const names = dayNames(language, 'long');
  const set = (day: number, windows: Calendar['weekly'][number]): void => onChange(weekly.map((one, at) => (at === day ? windows : one)));
  return (
    <>
      <h2 className="setup__part">{w('calendar.week')}</h2>
      <ul className="week">
        {weekly.map((windows, day) => (
          <li key={names[day]} className="week__day">
            <span className="week__name">{names[day]}</span>
            <span className="week__windows">
              {windows.length === 0 && <span className="field__hint">{w('calendar.dayOff')}</span>}
              {windows.map((window, index) => {
                const where = { day: names[day] ?? '', number: index + 1 };
                const put = (part: Partial<typeof window>): void => set(day, windows.map((one, at) => (at === index ? { ...one, ...part } : one)));
                return (
                  <span key={`${day}-${index}`} className="week__window">
                    <input type="time" className="input" aria-label={w('calendar.opens', where)} value={timeOf(window.start)} onChange={({ target }) => put({ start: minuteOf(target.value) })} />
                    <span aria-hidden="true">–</span>
                    <input type="time" className="input" aria-label={w('calendar.closes', where)} value={timeOf(window.end)} onChange={({ target }) => put({ end: minuteOf(target.value) })} />
                    {window.end <= window.start && window.end !== 0 && <span className="field__hint">{w('calendar.nextDay')}</span>}
                    <button type="button" className="icon-button" aria-label={w('calendar.removeHours', where)} onClick={() => set(day, windows.filter((_, at) => at !== index))}>
                      <IconClose size={16} stroke={1.6} />
                    </button>
                  </span>
                );
              })}
              <button type="button" className="link" aria-label={w('calendar.addHoursTo', { day: names[day] ?? '' })} onClick={() => set(day, [...windows, OFFICE])}>
                {w('calendar.addHours')}
              </button>
            </span>
          </li>
        ))}
      </ul>
      <button type="button" className="link" onClick={() => onChange(weekly.map((windows, day) => (day > 0 && day < 5 ? (weekly[0] ?? windows) : windows)))}>
        {w('calendar.copyMonday')}
      </button>
    </>
  );
}
