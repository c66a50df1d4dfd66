// Rules of retention: what is taken out of which tickets after how many days, and what that would be now.
import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { Link } from 'react-router';
import { useCategoryChoices, useGroupChoices, useProductChoices } from './choices';
import type { Form } from './form';
import { Amount, Part, Some, Text, Texts, Toggle } from './inputs';
import { at, type Kind } from './kind';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { RetentionRule } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { moment } from '@/lib/time/format';

const CONTENT = ['files', 'words', 'people'] as const satisfies readonly RetentionRule['removes'][number][];
const ASKED = ['category', 'group', 'product', 'tags'] as const;
type Asked = (typeof ASKED)[number];

interface Draft {
  name: string;
  description: string;
  after_days: number;
  removes: string[];
  forgets: boolean;
  enabled: boolean;
  category: string[];
  group: string[];
  product: string[];
  tags: string[];
  /** Conditions that are more than these lists, as they are written; null: the lists say all. */
  text: string | null;
}

type Lists = Pick<Draft, Asked>;
const NO_LISTS: Lists = { category: [], group: [], product: [], tags: [] };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The lists that conditions come to; null: they are more than that. */
export function listsOf(conditions: Readonly<Record<string, unknown>>): Lists | null {
  if (Object.keys(conditions).length === 0) return NO_LISTS;
  const all = Array.isArray(conditions['all']) && Object.keys(conditions).length === 1 ? (conditions['all'] as unknown[]) : [conditions];
  const found: Lists = { ...NO_LISTS };
  for (const one of all) {
    if (!isRecord(one) || Object.keys(one).length !== 2) return null;
    const field = ASKED.find((name) => name === one['field']);
    const values = one['is'];
    if (field === undefined || found[field].length > 0 || !Array.isArray(values) || !values.every((value) => typeof value === 'string')) return null;
    found[field] = values;
  }
  return found;
}

export function conditionsOf(lists: Lists): Record<string, unknown> {
  const all = ASKED.filter((name) => lists[name].length > 0).map((field) => ({ field, is: lists[field] }));
  return all.length === 0 ? {} : { all };
}

/** What is no JSON is sent as what it is, so that the desk says where it is wrong. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { unreadable: text };
  }
}

function bodyOf({ name, description, after_days, removes, forgets, enabled, text, ...lists }: Draft) {
  const written = text === null ? conditionsOf(lists) : parsed(text);
  const chosen = CONTENT.filter((one) => removes.includes(one));
  return { name, description, after_days, removes: [...chosen], forgets: forgets && chosen.length === CONTENT.length, enabled, conditions: (isRecord(written) ? written : {}) as Record<string, undefined> };
}

export const RETENTION: Kind<RetentionRule, Draft> = {
  name: 'retention',
  part: 'retention',
  needs: 'export_and_erase',
  items: async (api) => (await unwrap(api.GET('/v1/retention-rules'))).items,
  save: (api, id, draft, seen) => unwrap(api.PUT('/v1/retention-rules/{id}', { params: at(id, seen), body: bodyOf(draft) })),
  remove: (api, id, seen) => done(api.DELETE('/v1/retention-rules/{id}', { params: at(id, seen) })),
  ownId: true,
  fresh: () => ({ name: '', description: '', after_days: 730, removes: ['files'], forgets: false, enabled: false, ...NO_LISTS, text: null }),
  draftOf: ({ name, description, after_days, removes, forgets, enabled, conditions }) => {
    const lists = listsOf(conditions);
    return { name, description, after_days, removes: [...removes], forgets, enabled, ...(lists ?? NO_LISTS), text: lists === null ? JSON.stringify(conditions, null, 2) : null };
  },
  versionOf: ({ version }) => version,
  nameOf: ({ name }) => name,
  title: ({ name }) => name,
  facts: (rule, { w, language }) => [
    w('retention.after', { count: rule.after_days }),
    rule.removes.map((one) => w(`retention.content.${one}`)).join(', '),
    rule.enabled ? null : w('form.off'),
    rule.begins_at !== null && Date.parse(rule.begins_at) > Date.now() ? w('retention.begins', { at: moment(rule.begins_at, language) }) : null,
    rule.tickets > 0 ? w('retention.done', { count: rule.tickets }) : null,
    rule.failed > 0 ? w('retention.failed', { count: rule.failed }) : null,
  ],
  Form: RetentionForm,
  Beside: RetentionPreview,
};

function RetentionForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const whole = CONTENT.every((one) => form.draft.removes.includes(one));
  return (
    <>
      <Text of={form.bind('name')} label={w('form.name')} most={100} required />
      <Amount of={form.bind('after_days')} label={w('retention.days')} hint={w('retention.daysHint')} empty={0} min={1} max={36_500} unit={w('retention.unit')} />
      <Some of={form.bind('removes')} label={w('retention.removes')} hint={w('retention.removesHint')} choices={CONTENT.map((one) => ({ value: one, name: w(`retention.content.${one}`) }))} />
      {whole && <Toggle of={form.bind('forgets')} label={w('retention.forgets')} hint={w('retention.forgetsHint')} />}
      <Part title={w('retention.which')} text={w('retention.whichText')}>
        {form.draft.text === null ? <Which form={form} /> : <Text of={{ ...form.bind('text'), value: form.draft.text, fault: () => form.fault('/conditions') }} label={w('retention.text')} hint={w('retention.textHint')} lines={8} code />}
      </Part>
      <Toggle of={form.bind('enabled')} label={w('retention.enabled')} hint={w('retention.enabledHint')} />
      <Text of={form.bind('description')} label={w('retention.description')} hint={w('retention.descriptionHint')} lines={2} most={1000} />
    </>
  );
}

function Which({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const choices = { category: useCategoryChoices(), group: useGroupChoices(), product: useProductChoices() };
  const some = (name: 'category' | 'group' | 'product') => {
    if (choices[name].length === 0) return null;
    return <Some of={{ ...form.bind(name), fault: () => undefined }} label={w(`retention.fields.${name}`)} choices={choices[name]} />;
  };
  const fault = form.fault('/conditions');
  return (
    <>
      {some('category')}
      {some('group')}
      {some('product')}
      <Texts of={{ ...form.bind('tags'), fault: () => fault }} label={w('retention.fields.tags')} />
    </>
  );
}

/** What it would take out now, and soon: looked at before it is switched on. */
function RetentionPreview({ form }: { form: Form<Draft> }) {
  const { w, language } = useTelling();
  const { api } = useDesk();
  const draft = useDeferredValue(form.draft);
  const { data, error } = useQuery({
    queryKey: ['retention-preview', draft],
    queryFn: ({ signal }) => {
      const rule = bodyOf({ ...draft, name: draft.name || '–' });
      return unwrap(api.POST('/v1/retention-rules/preview', { body: { rule, limit: 8 }, signal }));
    },
    enabled: draft.removes.length > 0 && draft.after_days >= 1,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  });
  return (
    <section className="glance">
      <h2 className="setup__part">{w('retention.preview')}</h2>
      {error && <p className="setup__text">{error instanceof ApiError && error.errors.length > 0 ? w('retention.mend') : w('list.failed')}</p>}
      {data && !error && (
        <>
          <dl className="glance__facts">
            {([['now', data.tickets], ['soon', data.soon], ['held', data.held]] as const).map(([name, count]) => (
              <div key={name} className="glance__fact">
                <dt>{w(`retention.counts.${name}`)}</dt>
                <dd>{count.toLocaleString(language)}</dd>
              </div>
            ))}
          </dl>
          <ul className="glance__tickets">
            {data.items.map((one) => (
              <li key={one.ticket_id}>
                <Link className="glance__ticket" to={`/tickets/${one.ticket_id}`}>
                  <span className="glance__subject" dir="auto">
                    {one.subject}
                  </span>
                  <span className="glance__number">{w('retention.sample', { messages: one.messages, files: one.files })}</span>
                </Link>
              </li>
            ))}
          </ul>
          <p className="setup__text">{w('retention.grace')}</p>
        </>
      )}
    </section>
  );
}
