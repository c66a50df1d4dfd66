// The form of one setting: a draft that is kept until it is saved, what is wrong beside it, and what it was before.
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useNavigate, useParams } from 'react-router';
import { giveUp, keep, useKept } from './drafts';
import { formOf } from './form';
import { Text } from './inputs';
import type { Kind } from './kind';
import { listOf, NEW, placeOf } from './setting';
import { useTelling } from './use-telling';
import { Versions } from './versions';
import { EmptyState } from '@/components/empty-state';
import { IconBack, IconSettings } from '@/components/icons';
import { Remove } from '@/components/remove';
import { ApiError, type FieldProblem } from '@/lib/api/problem';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { idFor } from '@/lib/ids';
import { toast } from '@/lib/toasts';

interface EditorProps<Item extends { id: string }, Draft extends object> {
  kind: Kind<Item, Draft>;
  items: readonly Item[];
}

const NOTHING_SAID: readonly FieldProblem[] = [];

/** A new setting, or the one that the address names. */
export function SettingEditor<Item extends { id: string }, Draft extends object>({ kind, items }: EditorProps<Item, Draft>) {
  const { w } = useTelling();
  const { id } = useParams();
  const item = items.find((one) => one.id === id) ?? null;
  const start = item ? kind.draftOf(item) : id === NEW && kind.fresh ? kind.fresh() : null;
  if (start === null) return <EmptyState icon={<IconSettings size={22} stroke={1.6} />} title={w('editor.gone')} />;
  return <Editor key={id} kind={kind} items={items} item={item} start={start} />;
}

interface OpenProps<Item extends { id: string }, Draft extends object> extends EditorProps<Item, Draft> {
  item: Item | null;
  start: Draft;
}

function Editor<Item extends { id: string }, Draft extends object>({ kind, items, item, start }: OpenProps<Item, Draft>) {
  const telling = useTelling();
  const { w } = telling;
  const navigate = useNavigate();
  const { api } = useDesk();
  const client = useQueryClient();
  const { data: me } = useMe();
  const [problems, setProblems] = useState(NOTHING_SAID);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const place = placeOf(kind.name, item?.id ?? NEW);
  const live = item ? kind.versionOf(item) : 0;
  const kept = useKept<Draft>(place);
  const draft = kept?.draft ?? start;
  const seen = live === null ? null : (kept?.seen ?? live);
  const chosen = kept?.id ?? (kind.ownId ? idFor(kind.nameOf(draft), items.map((one) => one.id), kind.name) : null);
  const id = item?.id ?? chosen;
  // Until it is known who looks, nobody is told that they may not.
  const may = me?.permissions.includes(kind.needs) ?? true;
  const fixed = !may || (item !== null && (kind.fixed?.(item) ?? false));
  const removable = may && item !== null && kind.remove !== undefined && !(kind.stays?.(item) ?? false);

  const put = (part: Partial<Draft>, called: string | null = kept?.id ?? null): void => {
    const next = { ...draft, ...part };
    setProblems(NOTHING_SAID);
    setRefused(null);
    if (called === null && JSON.stringify(next) === JSON.stringify(start)) giveUp(place);
    else keep(place, { draft: next, id: called, seen });
  };
  const form = formOf({ draft, id, isNew: item === null, fixed }, problems, (part) => put(part));
  const away = (): void => {
    giveUp(place);
    void navigate(listOf(kind.name));
  };
  const { save, remove } = useActs(kind, {
    onDone: (text) => {
      toast(text);
      away();
    },
    onRefused: (error) => {
      setRefused(error);
      setProblems(error.errors);
    },
  });
  const submit = (at: number | null = seen): void => {
    setRefused(null);
    save.mutate({ id: item === null && !kind.ownId ? null : id, draft, seen: at, name: nameOf() });
  };
  // Over what somebody else saved meanwhile: at the version that theirs has, so that a third one's is not lost unseen.
  const submitOver = async (): Promise<void> => {
    await client.refetchQueries({ queryKey: ['settings', kind.name] });
    const theirs = kind.one && item ? await kind.one(api, item.id) : client.getQueryData<Item[]>(['settings', kind.name])?.find((one) => one.id === item?.id);
    submit(theirs ? kind.versionOf(theirs) : null);
  };
  const nameOf = (): string => kind.nameOf(draft) || (item ? kind.title(item, telling) : '');
  useHotkeys([{ keys: 'Mod+s', run: () => !fixed && submit() }]);

  return (
    <div className={kind.Beside ? 'setup-grid' : 'setup-single'}>
      <form
        className="setup__form admin__form"
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        <header className="admin__head">
          <button type="button" className="icon-button" aria-label={w('editor.back', { kind: w(`kinds.${kind.name}.title`) })} onClick={() => void navigate(listOf(kind.name))}>
            <IconBack size={18} stroke={1.6} />
          </button>
          <h1 className="setup__title">{item ? kind.title(item, telling) : w(`kinds.${kind.name}.new`)}</h1>
        </header>
        {fixed && <p className="admin__notice">{w('editor.fixed')}</p>}
        <fieldset className="admin__fields" disabled={fixed}>
          <kind.Form form={form} />
          {item === null && kind.ownId && (
            <Text of={{ value: chosen ?? '', set: (called) => put({}, called), fault: () => form.fault('/id') }} label={w('form.id')} hint={w('form.idHint')} most={64} code />
          )}
        </fieldset>
        {refused && <Refused error={refused} onOver={() => void submitOver()} onTheirs={() => giveUp(place)} />}
        {(!fixed || removable) && (
          <div className="setup__acts">
            {!fixed && (
              <Button type="submit" loading={save.isPending} disabled={kept === undefined && item !== null}>
                {w('editor.save')}
              </Button>
            )}
            {kept !== undefined && (
              <Button variant="default" onClick={away}>
                {w('editor.discard')}
              </Button>
            )}
            {removable && (
              <Remove
                name={nameOf()}
                text={w(kind.part === null ? 'editor.removeForGood' : 'editor.removeText')}
                busy={remove.isPending}
                onRemove={() => remove.mutate({ id: item.id, seen: live, name: nameOf() })}
              />
            )}
          </div>
        )}
        {item !== null && kind.part !== null && live !== 0 && <Versions part={kind.part} id={item.id} version={live} onRestored={() => giveUp(place)} />}
      </form>
      {kind.Beside && (
        <aside className="setup__side">
          <kind.Beside form={form} />
        </aside>
      )}
    </div>
  );
}

interface Outcome {
  onDone: (text: string) => void;
  onRefused: (error: ApiError) => void;
}

function useActs<Item extends { id: string }, Draft extends object>(kind: Kind<Item, Draft>, { onDone, onRefused }: Outcome) {
  const { w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  // Settings are named all over the desk: whatever is shown next is asked for again.
  const after = async (text: string): Promise<void> => {
    await client.invalidateQueries({ queryKey: ['settings', kind.name] });
    void client.invalidateQueries();
    onDone(text);
  };
  const onError = (error: Error): void => {
    if (error instanceof ApiError) onRefused(error);
  };
  const save = useMutation({
    mutationFn: ({ id, draft, seen }: { id: string | null; draft: Draft; seen: number | null; name: string }) => kind.save(api, id, draft, seen),
    onSuccess: (_, { name }) => after(w('editor.saved', { name })),
    onError,
  });
  const remove = useMutation({
    mutationFn: ({ id, seen }: { id: string; seen: number | null; name: string }) => kind.remove?.(api, id, seen) ?? Promise.resolve(),
    onSuccess: (_, { name }) => after(w('editor.removed', { name })),
    onError,
  });
  return { save, remove };
}

interface RefusedProps {
  error: ApiError;
  onOver: () => void;
  onTheirs: () => void;
}

/** Why it was not saved, and the ways out of it. */
function Refused({ error, onOver, onTheirs }: RefusedProps) {
  const { w } = useTelling();
  const client = useQueryClient();
  if (error.code === 'stale_version') {
    return (
      <div className="refused" role="alert">
        <p>{w('editor.stale')}</p>
        <div className="setup__acts">
          <Button
            variant="default"
            onClick={() => {
              onTheirs();
              void client.invalidateQueries({ queryKey: ['settings'] });
            }}
          >
            {w('editor.takeTheirs')}
          </Button>
          <Button variant="default" onClick={onOver}>
            {w('editor.saveMine')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="refused" role="alert">
      <p>{error.offline ? w('editor.offline') : error.errors.length > 0 ? w('editor.mend', { count: error.errors.length }) : w('editor.notSaved', { detail: error.detail })}</p>
      {error.errors.length > 0 && (
        <ul>
          {error.errors.slice(0, 8).map(({ pointer, message }) => (
            <li key={pointer + message}>
              <code>{pointer.replace(/^\//, '') || '–'}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
