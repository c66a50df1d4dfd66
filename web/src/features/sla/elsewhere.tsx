// Closed hours: of its own, from a file that is taken over once, and from an address that is followed.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTelling } from './use-telling';
import { FileInput } from '@/components/file-input';
import { Field } from '@/components/form';
import { IconClose } from '@/components/icons';
import { WhenInput } from '@/components/when-input';
import { ApiError } from '@/lib/api/problem';
import type { CalendarEvents, CalendarFeed, CalendarIn } from '@/lib/api/types';
import { useLookAtFile } from '@/lib/data/sla';
import type { Language } from '@/lib/i18n/languages';
import { moment } from '@/lib/time/format';
import { instantIn } from '@/lib/time/zoned';

type Closing = NonNullable<CalendarIn['closed_hours']>[number];

const SHOWN = 8;
const MOST = 1000;

const wordsIn = (text: string): string[] => text.split(',').map((one) => one.trim()).filter((one) => one !== '');

/** "24 Dec 2026, 13:00 – 18:00", as the calendar's own clock has it. */
function stretch({ since, until }: Closing, zone: string, language: Language): string {
  try {
    return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).formatRange(Date.parse(since), Date.parse(until));
  } catch {
    return `${since} – ${until}`; // the zone is half typed
  }
}

export function ClosedHours({ hours, zone, onChange }: { hours: readonly Closing[]; zone: string; onChange: (hours: Closing[]) => void }) {
  const { w, language } = useTelling();
  const [all, setAll] = useState(false);
  return (
    <fieldset className="closed-hours">
      <legend className="field__label">{w('calendar.closedHours')}</legend>
      {hours.length > 0 && (
        <ul className="picked">
          {hours.slice(0, all ? hours.length : SHOWN).map((one) => {
            const said = stretch(one, zone, language);
            return (
              <li key={one.since + one.until} className="picked__one">
                {said}
                <button type="button" className="picked__remove" aria-label={w('editor.takeOut', { name: said })} onClick={() => onChange(hours.filter((other) => other !== one))}>
                  <IconClose size={14} stroke={1.8} />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {hours.length > SHOWN && !all && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {w('calendar.allHours', { count: hours.length })}
        </button>
      )}
      <AddHours hours={hours} zone={zone} onAdd={(one) => onChange([...hours, one].sort((a, b) => Date.parse(a.since) - Date.parse(b.since)))} />
    </fieldset>
  );
}

/** One more stretch, in the calendar's own time. */
function AddHours({ hours, zone, onAdd }: { hours: readonly Closing[]; zone: string; onAdd: (one: Closing) => void }) {
  const { w } = useTelling();
  const [since, setSince] = useState('');
  const [until, setUntil] = useState('');
  const closing = { since: instantIn(since, zone), until: instantIn(until, zone) };
  const typed = closing.since !== null && closing.until !== null ? { since: closing.since, until: closing.until } : null;
  const backwards = typed !== null && Date.parse(typed.until) <= Date.parse(typed.since);
  const there = typed !== null && hours.some((one) => Date.parse(one.since) === Date.parse(typed.since) && Date.parse(one.until) === Date.parse(typed.until));
  const begin = (value: string): void => {
    setSince(value);
    if (until === '' && value !== '') setUntil(value); // most end on the day they begin
  };
  return (
    <div className="fields fields--end">
      <Field label={w('calendar.closedFrom')}>{(wiring) => <WhenInput {...wiring} type="datetime-local" zone={zone} value={since} onChange={begin} />}</Field>
      <Field label={w('calendar.closedUntil')} fault={backwards && since !== until ? w('fault.closing') : undefined}>
        {(wiring) => <WhenInput {...wiring} type="datetime-local" zone={zone} min={since} value={until} onChange={setUntil} />}
      </Field>
      <Button
        variant="default"
        disabled={typed === null || backwards || there || hours.length >= MOST}
        onClick={() => {
          if (typed === null) return;
          onAdd(typed);
          setSince('');
          setUntil('');
        }}
      >
        {w('calendar.addClosed')}
      </Button>
    </div>
  );
}

interface ImportProps {
  id: string;
  zone: string;
  onTake: (found: CalendarEvents) => void;
}

export function ImportFile({ id, zone, onTake }: ImportProps) {
  const { w, language } = useTelling();
  const [file, setFile] = useState('');
  const [leaveOut, setLeaveOut] = useState('');
  const [seen, setSeen] = useState<CalendarEvents | null>(null);
  const [fault, setFault] = useState<string>();
  const look = useLookAtFile();
  const change = (text: string): void => {
    setFile(text);
    setSeen(null);
    setFault(undefined);
  };
  const show = (): void =>
    look.mutate(
      { id, file, zone, leaveOut: wordsIn(leaveOut) },
      {
        onSuccess: (found) => {
          setSeen(found);
          setFault(undefined);
        },
        onError: (error) => setFault(error instanceof ApiError ? (error.errors[0]?.message ?? error.detail) : w('calendar.notRead')),
      },
    );
  const day = (text: string): string => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(Date.parse(text));
  return (
    <details className="setup__details">
      <summary>{w('calendar.import')}</summary>
      <p className="setup__text">{w('calendar.importText')}</p>
      <Field label={w('calendar.file')}>
        {(wiring) => (
          <FileInput
            {...wiring}
            accept=".ics,text/calendar"
            onFile={(chosen) => {
              void chosen.text().then(change);
            }}
          />
        )}
      </Field>
      <div className="fields">
        <Field label={w('calendar.paste')} fault={fault}>
          {(wiring) => <textarea {...wiring} className="input input--code" rows={4} spellCheck={false} value={file} onChange={({ target }) => change(target.value)} />}
        </Field>
        <Field label={w('calendar.leaveOut')} hint={w('calendar.leaveOutHint')}>
          {(wiring) => (
            <input
              {...wiring}
              className="input"
              value={leaveOut}
              onChange={({ target }) => {
                setLeaveOut(target.value);
                setSeen(null);
              }}
            />
          )}
        </Field>
      </div>
      {seen === null ? (
        <Button variant="default" disabled={file.trim() === ''} loading={look.isPending} onClick={show}>
          {w('calendar.look')}
        </Button>
      ) : (
        <div role="status">
          <p className="setup__text">{w('calendar.found', { events: seen.events.length, days: seen.days.length, hours: seen.hours.length, leftOut: seen.left_out })}</p>
          <ul className="found">
            {seen.events.slice(0, 50).map((one, at) => (
              <li key={`${one.first}${one.title}${at}`}>
                <span className="found__day">{day(one.first)}</span> {one.title || w('editor.unnamed')}
                {one.times > 1 && <span className="field__hint"> {w('calendar.times', { count: one.times })}</span>}
              </li>
            ))}
          </ul>
          <Button
            disabled={seen.days.length + seen.hours.length === 0}
            onClick={() => {
              onTake(seen);
              change('');
            }}
          >
            {w('calendar.take')}
          </Button>
        </div>
      )}
    </details>
  );
}

interface FollowProps {
  url: string;
  leaveOut: string;
  feed: CalendarFeed | null;
  fault: string | undefined;
  reading: boolean;
  /** Null: what is typed was not kept yet, so there is nothing to read. */
  onRead: (() => void) | null;
  onChange: (part: { feed?: string; feedLeaveOut?: string }) => void;
}

export function Follow({ url, leaveOut, feed, fault, reading, onRead, onChange }: FollowProps) {
  const { w } = useTelling();
  return (
    <>
      <div className="fields">
        <Field label={w('calendar.follow')} hint={w('calendar.followHint')} fault={fault}>
          {(wiring) => <input {...wiring} className="input" inputMode="url" spellCheck={false} autoComplete="off" maxLength={2000} placeholder="https://…/basic.ics" value={url} onChange={({ target }) => onChange({ feed: target.value })} />}
        </Field>
        {url !== '' && (
          <Field label={w('calendar.leaveOut')} hint={w('calendar.leaveOutHint')}>
            {(wiring) => <input {...wiring} className="input" value={leaveOut} onChange={({ target }) => onChange({ feedLeaveOut: target.value })} />}
          </Field>
        )}
      </div>
      {feed && (
        <div className="feed-state">
          <FeedState feed={feed} />
          {onRead && (
            <Button variant="default" size="compact-sm" loading={reading} onClick={onRead}>
              {w('calendar.readNow')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

/** How reading what a calendar follows went. */
export function FeedState({ feed }: { feed: CalendarFeed }) {
  const { w, language } = useTelling();
  const held = w('calendar.feedHolds', { days: feed.days, hours: feed.hours });
  const read = feed.read_at ? w('calendar.feedRead', { when: moment(feed.read_at, language) }) : w('calendar.feedNever');
  const again = feed.next_at ? w('calendar.feedAgain', { when: moment(feed.next_at, language) }) : '';
  if (feed.problem === '') return <p className="setup__text">{`${read} ${held} ${again}`.trim()}</p>;
  const problem = w(`calendar.problem.${feed.problem as 'status'}`, { detail: feed.detail, defaultValue: feed.problem });
  return (
    <p className="setup__text feed-state--failed" role="alert">
      {`${problem} ${read} ${held} ${again}`.trim()}
    </p>
  );
}
