// Checklists: tasks that are put on a ticket all at once.
import { orNone, useAgentChoices } from './choices';
import { each, inside, orNothing, type Form } from './form';
import { Amount, Names, Pick, Rows, Side } from './inputs';
import { at as address, type Kind } from './kind';
import { allOf, FRESH, once, paged, Sharing, type Shared } from './sharing';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { Checklist } from '@/lib/api/types';

interface Task {
  titles: Record<string, string>;
  assignee: string | null;
  due_after_seconds: number | null;
}

interface Draft extends Shared {
  titles: Record<string, string>;
  items: Task[];
}

const HOUR = 3600;

export const CHECKLISTS: Kind<Checklist, Draft> = {
  name: 'checklists',
  part: 'checklists',
  needs: 'write_templates',
  items: (api) => allOf((cursor) => unwrap(api.GET('/v1/checklists', paged(cursor)))),
  save: (api, id, draft, seen) => {
    const said = (titles: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(titles).filter(([, title]) => title.trim() !== ''));
    const body = { ...draft, titles: said(draft.titles), items: draft.items.map((one) => ({ ...one, titles: said(one.titles) })) };
    return id === null ? unwrap(api.POST('/v1/checklists', { params: once(), body })) : unwrap(api.PUT('/v1/checklists/{id}', { params: address(id, seen), body }));
  },
  remove: (api, id, seen) => done(api.DELETE('/v1/checklists/{id}', { params: address(id, seen) })),
  ownId: false,
  fresh: () => ({ ...FRESH, titles: {}, items: [{ titles: {}, assignee: null, due_after_seconds: null }] }),
  draftOf: ({ title, folder, scope, group, titles, items }) => ({ title, folder, scope, group, titles, items }),
  versionOf: ({ version }) => version,
  nameOf: ({ title }) => title,
  title: ({ title }) => title,
  facts: (one, { w, names }) => [one.folder || null, one.scope === 'group' ? names.group(one.group) : w(`scopes.${one.scope}`), w('form.taskCount', { count: one.items.length }), w('form.used', { count: one.uses })],
  fixed: ({ editable }) => !editable,
  stays: ({ editable }) => !editable,
  Form: ChecklistForm,
};

function ChecklistForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const agents = useAgentChoices();
  const items = form.bind('items');
  return (
    <>
      <Sharing form={form} />
      <Names of={form.bind('titles')} label={w('form.otherTitles')} hint={w('form.otherTitlesHint')} />
      <Rows of={items} label={w('form.tasks')} naming={(one) => Object.values(one.titles)[0] ?? ''} add={w('form.addTask')} fresh={(): Task => ({ titles: {}, assignee: null, due_after_seconds: null })}>
        {(one, at) => {
          const task = each(items, at, one);
          const due = inside(task, 'due_after_seconds');
          return (
            <>
              <Names of={inside(task, 'titles')} label={w('form.task', { number: at + 1 })} />
              <Side>
                <Pick of={orNothing(inside(task, 'assignee'))} label={w('form.agent')} choices={orNone(w('form.nobody'), [{ value: 'me', name: w('form.whoever') }, ...agents])} />
                <Amount of={{ ...due, value: due.value === null ? null : due.value / HOUR, set: (hours) => due.set(hours === null ? null : Math.round(hours * HOUR)) }} label={w('form.dueAfter')} empty={null} min={0} unit={w('form.hoursUnit')} />
              </Side>
            </>
          );
        }}
      </Rows>
    </>
  );
}
