// Writing a view: which tickets, in which order, under which headings, what each shows; beside it what that holds now.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { COLUMNS, GROUPINGS, SORTS, useCatalogue, type Choice } from './catalogue';
import { ConditionGroup } from './condition-group';
import { bodyOf, copyOf, draftOf, EMPTY, trialOf, type Draft } from './draft';
import { Labelled, OneOf } from './parts';
import { Trial } from './trial';
import { useWords } from './words';
import { IconArrowDown, IconBack, IconClose, IconPlus } from '@/components/icons';
import { Remove } from '@/components/remove';
import { ApiError } from '@/lib/api/problem';
import type { DeskView } from '@/lib/api/types';
import { useFields, useNamed } from '@/lib/data/catalogue';
import { useGroups, useMe } from '@/lib/data/directory';
import { useRemoveView, useSaveView, useViews, useViewTitle } from '@/lib/data/views';
import { useFaults } from '@/lib/faults';
import { toast } from '@/lib/toasts';
import type words from '@/locales/views/en.json';
import './view-editor.css';

interface ViewEditorProps {
  /** The view that is changed, or from which a new one begins; null: from nothing. */
  id: string | null;
  onDone: (view: string | null) => void;
}

/** Mount it with the view's id as key. */
export function ViewEditor({ id, onDone }: ViewEditorProps) {
  const w = useWords();
  const viewName = useViewTitle();
  const { data: views, isError } = useViews();
  if (!views) return <div aria-busy={!isError} />;
  const from = views.find((view) => view.id === id) ?? null;
  const own = from?.editable === true ? from : null;
  const start = own ? draftOf(own) : from ? copyOf(from, w('copyOf', { name: viewName(from) })) : EMPTY;
  return <Form view={own} start={start} onDone={onDone} />;
}

function Form({ view, start, onDone }: { view: DeskView | null; start: Draft; onDone: ViewEditorProps['onDone'] }) {
  const w = useWords();
  const { data: me } = useMe();
  const { data: groups = [] } = useGroups();
  const { data: fields = [] } = useFields();
  const named = useNamed();
  const catalogue = useCatalogue();
  const save = useSaveView();
  const remove = useRemoveView();
  const [draft, setDraft] = useState(start);
  const { faultOf, refuse: blame, say, forgive } = useFaults((detail) => w('notSaved', { detail }));
  const [version, setVersion] = useState(view?.version ?? 0);
  const { data: known } = useViews();
  const change = (part: Partial<Draft>): void => {
    setDraft({ ...draft, ...part });
    forgive();
  };
  const refuse = (error: unknown): void => {
    if (error instanceof ApiError && error.stale && view) {
      setVersion(known?.find(({ id }) => id === view.id)?.version ?? version + 1);
      toast(w('stale'), null, 'problem');
    } else blame(error);
  };
  const put = (): void => {
    if (draft.title.trim() === '') {
      say('/title', w('nameless'));
      return;
    }
    const onSuccess = (saved: DeskView): void => {
      toast(w('saved', { name: saved.title }));
      onDone(saved.id);
    };
    save.mutate({ id: view?.id ?? null, version, body: bodyOf(draft) }, { onSuccess, onError: refuse });
  };
  const drop = (): void => {
    if (!view) return;
    const onSuccess = (): void => {
      toast(w('deleted', { name: view.title }));
      onDone(null);
    };
    remove.mutate({ id: view.id, version }, { onSuccess, onError: refuse });
  };
  const shares = me?.permissions.includes('supervise') ?? false;
  const scopes = (['personal', 'group', 'shared'] as const).filter((scope) => shares || scope === 'personal' || scope === draft.scope);
  const field = (name: string): string => w(`fields.${name as keyof typeof words.fields}`, { defaultValue: name });
  const columns: Choice[] = [...COLUMNS.map((value) => ({ value, name: field(value) })), ...fields.map((one) => ({ value: `fields/${one.id}`, name: named(one) }))];
  return (
    <section className="view-editor" aria-label={view ? w('edit') : w('title')}>
      <header className="view-editor__bar">
        <button type="button" className="icon-button" aria-label={w('back')} title={w('back')} onClick={() => onDone(view?.id ?? null)}>
          <IconBack size={20} stroke={1.6} />
        </button>
        <h1 className="view-editor__title">{view ? w('edit') : w('title')}</h1>
      </header>
      <div className="view-editor__scroll">
        <form
          className="view-editor__form"
          onSubmit={(event) => {
            event.preventDefault();
            put();
          }}
        >
          <Labelled label={w('name')} fault={faultOf('/title')}>
            {(wiring) => <input {...wiring} className="view-input" maxLength={200} placeholder={w('namePlaceholder')} value={draft.title} onChange={({ target }) => change({ title: target.value, names: {} })} />}
          </Labelled>
          <div className="view-editor__pair">
            <Labelled label={w('scope')} fault={faultOf('/scope')}>
              {({ id }) => <OneOf id={id} value={draft.scope} choices={scopes.map((scope) => ({ value: scope, name: w(`scopes.${scope}`) }))} onChange={(scope) => change({ scope: scopes.find((one) => one === scope) ?? 'personal', group: draft.group || (me?.groups[0] ?? groups[0]?.id ?? '') })} />}
            </Labelled>
            {draft.scope === 'group' && (
              <Labelled label={w('group')} fault={faultOf('/group')}>
                {({ id }) => <OneOf id={id} value={draft.group} choices={groups.map((group) => ({ value: group.id, name: group.name }))} onChange={(group) => change({ group })} />}
              </Labelled>
            )}
          </div>
          <h2 className="view-editor__part">{w('conditions')}</h2>
          <ConditionGroup group={draft.conditions} catalogue={catalogue} onChange={(conditions) => change({ conditions })} />
          {faultOf('/conditions') !== undefined && (
            <p className="view-field__fault" role="alert">
              {faultOf('/conditions')}
            </p>
          )}
          <h2 className="view-editor__part">{w('sort')}</h2>
          <Sorting sort={draft.sort} nameOf={field} onChange={(sort) => change({ sort })} />
          <Labelled label={w('groupBy')}>
            {({ id }) => <OneOf id={id} value={draft.groupBy} choices={[{ value: '', name: w('noGroup') }, ...[...new Set([...GROUPINGS, ...(draft.groupBy === '' ? [] : [draft.groupBy])])].map((value) => ({ value, name: field(value) }))]} onChange={(groupBy) => change({ groupBy })} />}
          </Labelled>
          <h2 className="view-editor__part">{w('columns')}</h2>
          <p className="view-editor__text">{w('columnsHint')}</p>
          <Columns chosen={draft.columns} choices={columns} onChange={(chosen) => change({ columns: chosen })} />
          <div className="view-editor__acts">
            <Button type="submit" loading={save.isPending}>
              {view ? w('save') : w('create')}
            </Button>
            <Button variant="default" onClick={() => onDone(view?.id ?? null)}>
              {w('cancel')}
            </Button>
            {view && (
              <Remove name={view.title} text={w(view.scope === 'personal' ? 'removeOwn' : 'removeShared')} busy={remove.isPending} onRemove={drop} />
            )}
          </div>
        </form>
        <Trial trial={JSON.stringify(trialOf(draft))} />
      </div>
    </section>
  );
}

const MOST_SORTS = 4;

function Sorting({ sort, nameOf, onChange }: { sort: Draft['sort']; nameOf: (field: string) => string; onChange: (sort: Draft['sort']) => void }) {
  const w = useWords();
  const put = (at: number, part: Partial<Draft['sort'][number]>): void => onChange(sort.map((one, place) => (place === at ? { ...one, ...part } : one)));
  const known = [...new Set([...SORTS, ...sort.map(({ field }) => field)])];
  const next = SORTS.find((field) => !sort.some((one) => one.field === field)) ?? 'priority';
  return (
    <>
      {sort.length === 0 && <p className="view-editor__text">{w('usual')}</p>}
      {sort.map(({ field, descending }, at) => (
        <div key={at} className="condition">
          <OneOf label={w('sort')} value={field} choices={known.map((value) => ({ value, name: nameOf(value) }))} onChange={(chosen) => put(at, { field: chosen })} />
          <OneOf label={w('descending')} value={descending ? 'down' : 'up'} choices={(['up', 'down'] as const).map((value) => ({ value, name: w(`directions.${value}`) }))} onChange={(way) => put(at, { descending: way === 'down' })} />
          <button type="button" className="icon-button condition__remove" aria-label={w('remove')} title={w('remove')} onClick={() => onChange(sort.filter((_, place) => place !== at))}>
            <IconClose size={16} stroke={1.6} />
          </button>
        </div>
      ))}
      {sort.length < MOST_SORTS && (
        <div className="conditions__add">
          <Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => onChange([...sort, { field: next, descending: false }])}>
            {w('addSort')}
          </Button>
        </div>
      )}
    </>
  );
}

function Columns({ chosen, choices, onChange }: { chosen: readonly string[]; choices: readonly Choice[]; onChange: (chosen: string[]) => void }) {
  const w = useWords();
  const left = choices.filter(({ value }) => !chosen.includes(value));
  const swap = (at: number, other: number): void => onChange(chosen.map((value, place) => (place === at ? (chosen[other] ?? value) : place === other ? (chosen[at] ?? value) : value)));
  return (
    <ul className="columns">
      {chosen.map((value, at) => {
        const name = choices.find((choice) => choice.value === value)?.name ?? value;
        return (
          <li key={value} className="columns__one">
            <span className="columns__name">{name}</span>
            <button type="button" className="icon-button" disabled={at === 0} aria-label={w('up', { name })} title={w('up', { name })} onClick={() => swap(at, at - 1)}>
              <IconArrowDown className="columns__up" size={16} stroke={1.6} />
            </button>
            <button type="button" className="icon-button" disabled={at === chosen.length - 1} aria-label={w('down', { name })} title={w('down', { name })} onClick={() => swap(at, at + 1)}>
              <IconArrowDown size={16} stroke={1.6} />
            </button>
            <button type="button" className="icon-button" aria-label={w('removeValue', { name })} title={w('removeValue', { name })} onClick={() => onChange(chosen.filter((one) => one !== value))}>
              <IconClose size={16} stroke={1.6} />
            </button>
          </li>
        );
      })}
      {left.length > 0 && (
        <li>
          <select className="view-input" aria-label={w('columns')} value="" onChange={({ target }) => target.value !== '' && onChange([...chosen, target.value])}>
            <option value="">{w('choose')}</option>
            {left.map(({ value, name }) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </li>
      )}
    </ul>
  );
}
