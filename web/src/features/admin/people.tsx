// People who write to the desk: found by name, address or number; at a glance, merged, exported, erased.
import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { DirectoryList, type DirectoryPage } from './directory-list';
import { orNothing, type Form } from './form';
import { Glance } from './glance';
import { Part, Pick, Side, Text, Texts } from './inputs';
import { seenAt, type Kind } from './kind';
import { PersonActs } from './person-acts';
import { Opened } from './setting';
import { useTelling } from './use-telling';
import { AnswerList } from '@/components/answer-list';
import { unwrap, type Api } from '@/lib/api/client';
import type { FullPerson } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';

interface Draft {
  name: string;
  emails: string[];
  phones: string[];
  locale: string;
  time_zone: string | null;
  organization: string;
  tags: string[];
  notes: string;
}

const ZONES = Intl.supportedValuesOf('timeZone');

const PEOPLE: Kind<FullPerson, Draft> = {
  name: 'people',
  part: null,
  needs: 'change_people',
  items: () => Promise.resolve([]),
  one: (api, id) => unwrap(api.GET('/v1/people/{id}', { params: { path: { id } } })),
  save: (api, id, { name, time_zone: zone, organization, ...rest }, seen) => {
    const body = { ...rest, ...(name === '' ? {} : { name }), ...(zone === null ? {} : { time_zone: zone }) };
    if (id === null) return unwrap(api.POST('/v1/people', { body: { ...body, ...(organization === '' ? {} : { organization }) } }));
    return unwrap(api.PATCH('/v1/people/{id}', { params: { path: { id }, ...seenAt(seen) }, body: { ...body, organization } }));
  },
  ownId: false,
  fresh: () => ({ name: '', emails: [], phones: [], locale: 'en', time_zone: null, organization: '', tags: [], notes: '' }),
  draftOf: ({ name, emails, phones, locale, time_zone, organization, tags, notes }) => ({ name: name ?? '', emails, phones, locale, time_zone, organization: organization ?? '', tags, notes: notes ?? '' }),
  versionOf: ({ version }) => version,
  nameOf: ({ name, emails }) => name || (emails[0] ?? ''),
  title: ({ name, email }) => name ?? email,
  facts: ({ email }) => [email],
  Form: PersonForm,
  Beside: PersonBeside,
};

export function People() {
  return (
    <Routes>
      <Route index element={<DirectoryList name="people" read={listed} />} />
      <Route path=":id" element={<Opened kind={PEOPLE} />} />
    </Routes>
  );
}

async function listed(api: Api, query: { q?: string; cursor?: string; limit: number }): Promise<DirectoryPage> {
  const { items, next_cursor: next } = await unwrap(api.GET('/v1/people', { params: { query } }));
  return { rows: items.map(({ id, name, email }) => ({ id, title: name ?? email, facts: [name === null ? null : email] })), next: next ?? null };
}

function PersonForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  return (
    <>
      <Text of={form.bind('name')} label={w('form.name')} most={200} />
      <Texts of={form.bind('emails')} label={w('person.emails')} hint={w('person.emailsHint')} lines={2} />
      <Texts of={form.bind('phones')} label={w('person.phones')} hint={w('person.phonesHint')} lines={2} />
      <Side>
        <Pick of={form.bind('locale')} label={w('form.locale')} hint={w('person.localeHint')} choices={LANGUAGES.map((one) => ({ value: one, name: LANGUAGE_NAMES[one] }))} />
        <Text of={orNothing(form.bind('time_zone'))} label={w('person.timeZone')} list={ZONES} />
      </Side>
      <OrganizationPick form={form} />
      <Texts of={form.bind('tags')} label={w('person.tags')} hint={w('person.tagsHint')} />
      <Text of={form.bind('notes')} label={w('person.notes')} hint={w('person.notesHint')} lines={4} most={10_000} />
    </>
  );
}

function OrganizationPick({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const { api } = useDesk();
  const { data } = useQuery({ queryKey: ['organizations', 'choices'], queryFn: async () => (await unwrap(api.GET('/v1/organizations', { params: { query: { limit: 100 } } }))).items });
  const own = form.draft.organization;
  const { data: theirs } = useQuery({
    queryKey: ['organizations', own],
    queryFn: () => unwrap(api.GET('/v1/organizations/{id}', { params: { path: { id: own } } })),
    enabled: own !== '' && data !== undefined && !data.some(({ id }) => id === own),
  });
  const known = [...(data ?? []), ...(theirs ? [theirs] : [])].map(({ id, name }) => ({ value: id, name }));
  const shown = own === '' || known.some(({ value }) => value === own) ? known : [...known, { value: own, name: '…' }];
  return <Pick of={form.bind('organization')} label={w('person.organization')} hint={w('person.organizationHint')} choices={[{ value: '', name: w('person.none') }, ...shown]} />;
}

function PersonBeside({ form }: { form: Form<Draft> }) {
  const { api } = useDesk();
  const { w } = useTelling();
  const { id } = form;
  const { data } = useQuery({ queryKey: ['person', id, 'overview'], queryFn: () => unwrap(api.GET('/v1/people/{id}/overview', { params: { path: { id: id ?? '' } } })), enabled: id !== null });
  if (id === null) return <p className="setup__text">{w('person.newText')}</p>;
  if (!data) return <div aria-busy="true" />;
  const { person } = data;
  const warnings = [person.undeliverable && w('person.undeliverable'), person.complained && w('person.complained'), person.blocked && w('person.blocked')].filter((one) => one !== false);
  return (
    <>
      {warnings.map((one) => (
        <p key={one} className="admin__notice">
          {one}
        </p>
      ))}
      <Glance of={data} tickets={(ticket) => `/tickets/${ticket}`} />
      {(data.numbers === null || data.numbers.ratings > 0) && (
        <Part title={w('person.answers')}>
          <Suspense fallback={<div aria-busy="true" />}>
            <AnswerList days={null} person={person.id} />
          </Suspense>
        </Part>
      )}
      <Part title={w('person.more')}>
        <PersonActs person={person} />
      </Part>
    </>
  );
}
