// Canned responses: texts that agents answer with, in every language of the desk.
import { useQuery } from '@tanstack/react-query';
import type { Form } from './form';
import { Names } from './inputs';
import { at as address, type Kind } from './kind';
import { allOf, FRESH, once, paged, Sharing, type Shared } from './sharing';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { CannedResponse } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import type english from '@/locales/admin/en.json';

export type Texts = Record<string, string>;

interface Draft extends Shared {
  texts: Texts;
  /** What the texts were, with how they were laid out: what is not touched stays so. */
  before: CannedResponse['bodies'];
}

type Bodies = Record<string, { text: string; html?: string | null }>;

/** Texts as they are sent: those that were not touched with their layout, empty ones not at all. */
export function bodiesOf(texts: Texts, before: CannedResponse['bodies']): Bodies {
  const said = Object.entries(texts).filter(([, text]) => text.trim() !== '');
  return Object.fromEntries(said.map(([language, text]) => [language, before[language]?.text === text ? before[language] : { text }]));
}

export const textsOf = (bodies: CannedResponse['bodies']): Texts => Object.fromEntries(Object.entries(bodies).map(([language, body]) => [language, body.text]));

export const CANNED: Kind<CannedResponse, Draft> = {
  name: 'canned',
  part: 'canned_responses',
  needs: 'write_templates',
  items: (api) => allOf((cursor) => unwrap(api.GET('/v1/canned-responses', paged(cursor)))),
  save: (api, id, { texts, before, ...shared }, seen) => {
    const body = { ...shared, bodies: bodiesOf(texts, before) };
    return id === null ? unwrap(api.POST('/v1/canned-responses', { params: once(), body })) : unwrap(api.PUT('/v1/canned-responses/{id}', { params: address(id, seen), body }));
  },
  remove: (api, id, seen) => done(api.DELETE('/v1/canned-responses/{id}', { params: address(id, seen) })),
  ownId: false,
  fresh: () => ({ ...FRESH, texts: {}, before: {} }),
  draftOf: ({ title, folder, scope, group, bodies }) => ({ title, folder, scope, group, texts: textsOf(bodies), before: bodies }),
  versionOf: ({ version }) => version,
  nameOf: ({ title }) => title,
  title: ({ title }) => title,
  facts: (one, { w, names }) => [one.folder || null, one.scope === 'group' ? names.group(one.group) : w(`scopes.${one.scope}`), Object.keys(one.bodies).join(', '), w('form.used', { count: one.uses })],
  fixed: ({ editable }) => !editable,
  stays: ({ editable }) => !editable,
  Form: CannedForm,
  Beside: Placeholders,
};

function CannedForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  return (
    <>
      <Sharing form={form} />
      <Names of={{ ...form.bind('texts'), fault: (below) => form.fault(below === undefined ? '/bodies' : `/bodies/${below}`), set: (texts) => form.change({ texts: { ...texts } }) }} label={w('form.texts')} hint={w('form.textsHint')} lines={7} most={50_000} />
    </>
  );
}

/** The text as it will be read, and what can stand in it. */
function Placeholders({ form }: { form: Form<Draft> }) {
  const { w, language } = useTelling();
  const { api } = useDesk();
  const { data: placeholders = [] } = useQuery({ queryKey: ['placeholders'], staleTime: Infinity, queryFn: async () => (await unwrap(api.GET('/v1/placeholders'))).items });
  const text = form.draft.texts[language] ?? form.draft.texts['en'] ?? Object.values(form.draft.texts)[0] ?? '';
  return (
    <section aria-label={w('preview.title')}>
      <h2 className="setup__part">{w('preview.title')}</h2>
      <div className="sample">{text === '' ? <p className="field__hint">{w('preview.nothing')}</p> : <p className="sample__words">{text.split(/(\{\{[^}]*\}\})/).map((part, at) => (part.startsWith('{{') ? <mark key={at}>{part.slice(2, -2).trim()}</mark> : part))}</p>}</div>
      <h2 className="setup__part">{w('preview.placeholders')}</h2>
      <p className="setup__text">{w('preview.placeholdersText')}</p>
      <dl className="placeholders">
        {placeholders.map(({ name, meaning }) => (
          <div key={name}>
            <dt>
              <code>{`{{${name}}}`}</code>
            </dt>
            <dd>{w(`placeholder.${name.replaceAll('.', '_') as keyof (typeof english)['placeholder']}`, { defaultValue: meaning })}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
