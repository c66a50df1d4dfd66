// Drafting a policy: what is typed on the left; on the right what it means, what last month would have been, and the switch.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { CalendarsOf } from './calendars-of';
import { MoreConditions } from './conditions';
import { check, draftOf, emptyDraft, fieldOf, sentOf, type Draft, type Faults } from './draft';
import { explain } from './explain';
import { Levels } from './levels';
import { Preview } from './preview';
import { TargetsTable } from './targets-table';
import { useTelling } from './use-telling';
import { Dialog } from '@/components/dialog';
import { Choices, Field, Select } from '@/components/form';
import { Remove } from '@/components/remove';
import { ApiError } from '@/lib/api/problem';
import { PRIORITIES, type SlaPolicy, type Status } from '@/lib/api/types';
import { useCategories, useGroups } from '@/lib/data/directory';
import { useCalendars, usePolicies, useRemovePolicy, useSavePolicy } from '@/lib/data/sla';
import { idFor } from '@/lib/ids';
import { toast } from '@/lib/toasts';

const CHANNELS = ['email', 'web', 'phone', 'api'] as const;
const TYPES = ['request', 'incident', 'question', 'problem'] as const;
const PAUSES = ['new', 'open', 'pending', 'on_hold'] as const satisfies readonly Status[];

/** A new policy, or the live one that the address names. */
export function PolicyEditor() {
  const { id } = useParams();
  const { language } = useTelling();
  const { data: policies } = usePolicies();
  const { data: calendars } = useCalendars();
  if (!policies || !calendars) return <div aria-busy="true" />;
  const live = policies.find((one) => one.id === id);
  const start = live ? draftOf(live, language) : emptyDraft(calendars[0]?.id ?? '');
  return <Editor key={id ?? 'new'} start={start} policies={policies} />;
}

/** Live policies with the draft among them, in its place. */
function together(policies: readonly SlaPolicy[], id: string, draft: Draft): { id: string; [key: string]: unknown }[] {
  const others = policies.filter((one) => one.id !== id).map((one) => ({ ...sentOf(one), id: one.id }));
  const at = Math.max(0, Math.min(others.length, (draft.place ?? others.length + 1) - 1));
  return [...others.slice(0, at), { ...check(draft).body, id }, ...others.slice(at)];
}

function Editor({ start, policies }: { start: Draft; policies: readonly SlaPolicy[] }) {
  const [draft, setDraft] = useState(start);
  const telling = useTelling([draft.conditions, { organizations: Object.keys(draft.organizationCalendars) }], draft.levels);
  const { w } = telling;
  const navigate = useNavigate();
  const [said, setSaid] = useState<Faults>(new Map());
  const [attempted, setAttempted] = useState(false);
  const [tried, setTried] = useState<Draft | null>(null);
  const [asking, setAsking] = useState(false);
  const save = useSavePolicy();
  const remove = useRemovePolicy();
  const { body, faults, places } = check(draft);
  const id = draft.id ?? idFor(draft.name, policies.map((one) => one.id), 'policy');

  const change = (part: Partial<Draft>): void => {
    setDraft({ ...draft, ...part });
    setSaid(new Map());
  };
  const faultOf = (field: string): string | undefined => {
    const api = said.get(field);
    if (api && 'said' in api) return api.said;
    const own = faults.get(field);
    if (!own || !('code' in own)) return undefined;
    const onlyAfter = own.code === 'required' || own.code === 'nothing' || own.code === 'noTarget';
    return attempted || !onlyAfter ? w(`fault.${own.code}`) : undefined;
  };
  const refuse = (error: ApiError): void => {
    const own = `/policies/${together(policies, id, draft).findIndex((one) => one.id === id)}`;
    setSaid(new Map(error.errors.map(({ pointer, message }) => [fieldOf(pointer.startsWith(own) ? pointer.slice(own.length) : pointer, places), { said: message }])));
  };
  const ready = (): boolean => {
    setAttempted(true);
    return faults.size === 0;
  };
  const switchOn = (): void => {
    setAsking(false);
    save.mutate(
      { id, body },
      {
        onSuccess: () => {
          toast(w('editor.switchedOn', { name: body.name }));
          void navigate('/sla');
        },
        onError: (error) => {
          if (error instanceof ApiError && error.errors.length > 0) refuse(error);
          else toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem');
        },
      },
    );
  };
  return (
    <div className="setup-grid">
      <form
        className="setup__form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready()) setAsking(tried !== draft);
          if (faults.size === 0 && tried === draft) switchOn();
        }}
      >
        <h1 className="setup__title">{draft.id === null ? w('editor.new') : body.name || w('editor.unnamed')}</h1>
        <Basics draft={draft} count={policies.length} change={change} faultOf={faultOf} />
        <h2 className="setup__part">{w('editor.targets')}</h2>
        <p className="setup__text">{w('editor.targetsText')}</p>
        <TargetsTable rows={draft.rows} faultOf={faultOf} onChange={(rows) => change({ rows })} />
        <Who draft={draft} change={change} />
        <h2 className="setup__part">{w('editor.standing')}</h2>
        <Pauses draft={draft} change={change} />
        <h2 className="setup__part">{w('editor.levels')}</h2>
        <div className="fields">
          <Field label={w('editor.warn')} hint={w('editor.warnHint')} fault={faultOf('warn')}>
            {(wiring) => <input {...wiring} className="input input--short" inputMode="numeric" value={draft.warn} onChange={({ target }) => change({ warn: target.value })} />}
          </Field>
        </div>
        <Levels levels={draft.levels} faultOf={faultOf} onChange={(levels) => change({ levels })} />
        <div className="setup__acts">
          <Button type="submit" loading={save.isPending}>
            {w('editor.switchOn')}
          </Button>
          <Button variant="default" onClick={() => void navigate('/sla')}>
            {w('editor.cancel')}
          </Button>
          {draft.id !== null && (
            <Remove name={start.name} text={w('ask.removeText')} busy={remove.isPending} onRemove={() => remove.mutate(id, { onSuccess: () => void navigate('/sla') })} />
          )}
        </div>
        {attempted && faults.size + said.size > 0 && (
          <p className="field__fault" role="alert">
            {w('fault.some')}
          </p>
        )}
      </form>
      <aside className="setup__side">
        <section className="explained" aria-label={w('editor.means')}>
          <h2 className="setup__part">{w('editor.means')}</h2>
          <ul>
            {explain(body, telling).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
        <Preview
          draft={() => (ready() ? { policies: together(policies, id, draft) as never } : null)}
          zone={telling.calendars.find((one) => one.id === draft.calendarId)?.zone ?? 'UTC'}
          outdated={tried !== draft}
          onTried={() => setTried(draft)}
          onRefused={refuse}
        />
      </aside>
      {asking && (
        <Dialog title={w('ask.title')} onClose={() => setAsking(false)}>
          <p className="dialog-text">{w('ask.text')}</p>
          <div className="setup__acts">
            <Button variant="default" onClick={() => setAsking(false)}>
              {w('ask.tryFirst')}
            </Button>
            <Button onClick={switchOn}>{w('editor.switchOn')}</Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

interface PartProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

function Basics({ draft, count, change, faultOf }: PartProps & { count: number; faultOf: (field: string) => string | undefined }) {
  const { w, calendars } = useTelling();
  const places = Array.from({ length: draft.id === null ? count + 1 : count }, (_, index) => String(index + 1));
  return (
    <div className="fields">
      <Field label={w('editor.name')} fault={faultOf('name')}>
        {(wiring) => <input {...wiring} className="input" maxLength={100} value={draft.name} onChange={({ target }) => change({ name: target.value })} />}
      </Field>
      <Field label={w('editor.calendar')} fault={faultOf('calendarId')}>
        {({ id }) => <Select id={id} value={draft.calendarId} choices={calendars.map((one) => ({ value: one.id, name: one.name }))} onChange={(calendarId) => change({ calendarId })} />}
      </Field>
      <Field label={w('editor.place')} hint={w('editor.placeHint')}>
        {({ id }) => <Select id={id} value={String(draft.place ?? places.length)} choices={places.map((place) => ({ value: place, name: place }))} onChange={(place) => change({ place: Number(place) })} />}
      </Field>
    </div>
  );
}

function Who({ draft, change }: PartProps) {
  const { t, w } = useTelling();
  const { data: groups = [] } = useGroups();
  const { data: categories = [] } = useCategories();
  const { conditions } = draft;
  const set = (part: Partial<Draft['conditions']>): void => change({ conditions: { ...conditions, ...part } });
  const { data: policies = [] } = usePolicies();
  const tags = [...new Set(policies.flatMap((one) => [...(one.conditions.tags ?? []), ...one.escalations.flatMap((level) => level.tags ?? [])]))].sort();
  return (
    <>
      <h2 className="setup__part">{w('editor.who')}</h2>
      <p className="setup__text">{w('editor.whoText')}</p>
      <Choices legend={w('condition.priorities')} choices={PRIORITIES.map((value) => ({ value, name: t(`priority.${value}`) }))} chosen={conditions.priorities} onChange={(priorities) => set({ priorities })} />
      {groups.length > 0 && <Choices legend={w('condition.groups')} choices={groups.map(({ id, name }) => ({ value: id, name }))} chosen={conditions.groups} onChange={(chosen) => set({ groups: chosen })} />}
      {categories.length > 0 && <Choices legend={w('condition.categories')} choices={categories.map(({ id, name }) => ({ value: id, name }))} chosen={conditions.categories} onChange={(chosen) => set({ categories: chosen })} />}
      <Choices legend={w('condition.types')} choices={TYPES.map((value) => ({ value, name: t(`type.${value}`) }))} chosen={conditions.types} onChange={(types) => set({ types })} />
      <Choices legend={w('condition.channels')} choices={CHANNELS.map((value) => ({ value, name: t(`channel.${value}`) }))} chosen={conditions.channels} onChange={(channels) => set({ channels })} />
      <MoreConditions conditions={conditions} tags={tags} set={set} />
    </>
  );
}

function Pauses({ draft, change }: PartProps) {
  const { t, w } = useTelling();
  return (
    <>
      <Choices legend={w('editor.pauses')} choices={PAUSES.map((value) => ({ value, name: t(`status.${value}`) }))} chosen={draft.pauses} onChange={(pauses) => change({ pauses: pauses as Status[] })} />
      <CalendarsOf calendarId={draft.calendarId} groups={draft.groupCalendars} organizations={draft.organizationCalendars} onChange={change} />
    </>
  );
}
