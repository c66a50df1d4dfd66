// Macros: an answer and changes that agents run with one click.
import { useQuery } from '@tanstack/react-query';
import { bodiesOf, textsOf, type Texts as Bodies } from './canned';
import { orNone, useAgentChoices, useCategoryChoices, useGroupChoices, useProductChoices, useStatusChoices } from './choices';
import { type Bound, type Form } from './form';
import { Cards, Names, Part, Pick, Side, Text, Texts } from './inputs';
import { at as address, type Kind } from './kind';
import { allOf, FRESH, once, paged, Sharing, type Shared } from './sharing';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { CannedResponse } from '@/lib/api/settings';
import { PRIORITIES, STATUSES, TYPES, type Macro } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';

type Changes = Macro['changes'];
type Chosen = 'priority' | 'type' | 'group' | 'assignee' | 'category' | 'product';

interface Draft extends Shared {
  description: string;
  reply: 'none' | 'text' | 'canned';
  internal: boolean;
  canned: string;
  texts: Bodies;
  before: CannedResponse['bodies'];
  /** As it is kept; what this form has no input for stays as it is. */
  changes: Changes;
}

function changed(changes: Changes, part: Partial<Changes>): Changes {
  // An input that was set back to "leave as it is" gives an empty text.
  return Object.fromEntries(Object.entries<unknown>({ ...changes, ...part }).filter(([, value]) => value !== undefined && value !== ''));
}

export const MACROS: Kind<Macro, Draft> = {
  name: 'macros',
  part: 'macros',
  needs: 'write_templates',
  items: (api) => allOf((cursor) => unwrap(api.GET('/v1/macros', paged(cursor)))),
  save: (api, id, { title, folder, scope, group, description, changes, ...draft }, seen) => {
    const visibility = draft.internal ? ('internal' as const) : ('public' as const);
    const reply = draft.reply === 'none' ? null : draft.reply === 'canned' ? { visibility, canned_response_id: draft.canned } : { visibility, bodies: bodiesOf(draft.texts, draft.before) };
    const body = { title, folder, scope, group, description, changes, reply };
    return id === null ? unwrap(api.POST('/v1/macros', { params: once(), body })) : unwrap(api.PUT('/v1/macros/{id}', { params: address(id, seen), body }));
  },
  remove: (api, id, seen) => done(api.DELETE('/v1/macros/{id}', { params: address(id, seen) })),
  ownId: false,
  fresh: () => ({ ...FRESH, description: '', reply: 'none', internal: false, canned: '', texts: {}, before: {}, changes: {} }),
  draftOf: ({ title, folder, scope, group, description, reply, changes }) => ({
    title, folder, scope, group, description, changes,
    reply: reply === null ? 'none' : reply.canned_response_id === null ? 'text' : 'canned',
    internal: reply?.visibility === 'internal',
    canned: reply?.canned_response_id ?? '',
    texts: textsOf(reply?.bodies ?? {}),
    before: reply?.bodies ?? {},
  }),
  versionOf: ({ version }) => version,
  nameOf: ({ title }) => title,
  title: ({ title }) => title,
  facts: (one, { w, names }) => [one.folder || null, one.scope === 'group' ? names.group(one.group) : w(`scopes.${one.scope}`), one.description || null, w('form.used', { count: one.uses })],
  fixed: ({ editable }) => !editable,
  stays: ({ editable }) => !editable,
  Form: MacroForm,
};

function MacroForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  return (
    <>
      <Sharing form={form} />
      <Text of={form.bind('description')} label={w('form.descriptions')} hint={w('form.macroTextHint')} most={1000} />
      <Reply form={form} />
      <ChangesPart form={form} />
    </>
  );
}

function Reply({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const { api } = useDesk();
  const { data: canned = [] } = useQuery({ queryKey: ['settings', 'canned'], queryFn: () => allOf((cursor) => unwrap(api.GET('/v1/canned-responses', paged(cursor)))) });
  const { reply } = form.draft;
  return (
    <Part title={w('form.reply')}>
      <Cards of={form.bind('reply')} label={w('form.reply')} choices={(['none', 'text', 'canned'] as const).map((one) => ({ value: one, name: w(`replies.${one}`) }))} />
      {reply !== 'none' && <Cards of={{ value: form.draft.internal ? 'internal' : 'public', set: (value: 'internal' | 'public') => form.change({ internal: value === 'internal' }), fault: () => undefined }} label={w('form.visibility')} choices={(['public', 'internal'] as const).map((one) => ({ value: one, name: w(`visibilities.${one}`) }))} />}
      {reply === 'canned' && <Pick of={{ ...form.bind('canned'), fault: () => form.fault('/reply/canned_response_id') }} label={w('form.canned')} choices={orNone('–', canned.map(({ id, title }) => ({ value: id, name: title })))} />}
      {reply === 'text' && (
        <Names
          of={{ ...form.bind('texts'), fault: (below) => form.fault(below === undefined ? '/reply/bodies' : `/reply/bodies/${below}`), set: (texts) => form.change({ texts: { ...texts } }) }}
          label={w('form.texts')}
          hint={w('form.textsHint')}
          lines={6}
          most={50_000}
        />
      )}
    </Part>
  );
}

function ChangesPart({ form }: { form: Form<Draft> }) {
  const { t, w } = useTelling();
  const { data: me } = useMe();
  const groups = useGroupChoices();
  const agents = useAgentChoices();
  const categories = useCategoryChoices();
  const products = useProductChoices();
  const statuses = useStatusChoices().filter(({ value }) => value !== 'new');
  const { changes } = form.draft;
  const put = (part: Partial<Changes>): void => form.change({ changes: changed(changes, part) });
  const bound = (key: Chosen): Bound<string> => ({ value: changes[key] ?? '', set: (value) => put({ [key]: value }), fault: () => form.fault(`/changes/${key}`) });
  const none = { value: 'none', name: w('form.nobody') };
  const own = (value: string): boolean => STATUSES.some((one) => one === value);
  const tags = (key: 'add' | 'remove'): Bound<readonly string[]> => ({
    value: changes.tags?.[key] ?? [],
    set: (chosen) => {
      const next = { add: changes.tags?.add ?? [], remove: changes.tags?.remove ?? [], [key]: [...chosen] };
      put({ tags: next.add.length + next.remove.length > 0 ? next : undefined } as Partial<Changes>);
    },
    fault: () => form.fault('/changes/tags'),
  });
  const leave = w('form.leave');
  return (
    <Part title={w('form.changes')} text={w('form.changesText')}>
      <Side>
        <Pick
          of={{ value: changes.custom_status ?? changes.status ?? '', set: (value) => put((own(value) ? { status: value, custom_status: '' } : { status: '', custom_status: value }) as unknown as Partial<Changes>), fault: () => form.fault('/changes/status') ?? form.fault('/changes/custom_status') }}
          label={t('property.status')}
          choices={orNone(leave, statuses)}
        />
        <Pick of={bound('priority')} label={t('property.priority')} choices={orNone(leave, PRIORITIES.map((one) => ({ value: one, name: t(`priority.${one}`) })))} />
        <Pick of={bound('type')} label={t('property.type')} choices={orNone(leave, TYPES.map((one) => ({ value: one, name: t(`type.${one}`) })))} />
        <Pick of={bound('group')} label={t('property.group')} choices={orNone(leave, [none, ...groups])} />
        <Pick of={bound('assignee')} label={t('property.assignee')} choices={orNone(leave, [none, { value: 'me', name: w('form.whoever') }, ...agents.filter(({ value }) => value !== me?.id || form.draft.scope !== 'personal')])} />
        <Pick of={bound('category')} label={t('property.category')} choices={orNone(leave, [none, ...categories])} />
        <Pick of={bound('product')} label={t('property.product')} choices={orNone(leave, [none, ...products])} />
      </Side>
      <Side>
        <Texts of={tags('add')} label={w('form.addTags')} />
        <Texts of={tags('remove')} label={w('form.removeTags')} />
      </Side>
      {form.fault('/changes/fields') !== undefined && <p className="field__fault">{form.fault('/changes/fields')}</p>}
    </Part>
  );
}
