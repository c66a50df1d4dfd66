// Organizations: whose people write from which domains, what they were promised, and whether they see one another's requests.
import { useQuery } from '@tanstack/react-query';
import { Link, Route, Routes } from 'react-router';
import { orNone, useGroupChoices } from './choices';
import { DirectoryList, type DirectoryPage } from './directory-list';
import type { Form } from './form';
import { Glance } from './glance';
import { Part, Pick, Text, Texts, Toggle } from './inputs';
import { seenAt, type Kind } from './kind';
import { Opened, placeOf } from './setting';
import { SignOnPart } from './sign-on';
import { useTelling } from './use-telling';
import { done, unwrap, type Api } from '@/lib/api/client';
import type { FullOrganization } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';

interface Draft {
  name: string;
  domains: string[];
  shared: boolean;
  plan: string;
  group: string;
  tags: string[];
  notes: string;
}

const ORGANIZATIONS: Kind<FullOrganization, Draft> = {
  name: 'organizations',
  part: null,
  needs: 'change_people',
  items: () => Promise.resolve([]),
  one: (api, id) => unwrap(api.GET('/v1/organizations/{id}', { params: { path: { id } } })),
  save: (api, id, body, seen) =>
    id === null ? unwrap(api.POST('/v1/organizations', { body })) : unwrap(api.PATCH('/v1/organizations/{id}', { params: { path: { id }, ...seenAt(seen) }, body })),
  remove: (api, id) => done(api.DELETE('/v1/organizations/{id}', { params: { path: { id } } })),
  ownId: false,
  fresh: () => ({ name: '', domains: [], shared: false, plan: '', group: '', tags: [], notes: '' }),
  draftOf: ({ name, domains, shared, plan, group, tags, notes }) => ({ name, domains, shared, plan: plan ?? '', group: group ?? '', tags, notes: notes ?? '' }),
  versionOf: ({ version }) => version,
  nameOf: ({ name }) => name,
  title: ({ name }) => name,
  facts: ({ domains }) => [domains.join(', ')],
  Form: OrganizationForm,
  Beside: OrganizationBeside,
};

export function Organizations() {
  return (
    <Routes>
      <Route index element={<DirectoryList name="organizations" read={listed} />} />
      <Route path=":id" element={<Opened kind={ORGANIZATIONS} />} />
    </Routes>
  );
}

async function listed(api: Api, query: { q?: string; cursor?: string; limit: number }): Promise<DirectoryPage> {
  const { items, next_cursor: next } = await unwrap(api.GET('/v1/organizations', { params: { query } }));
  return { rows: items.map(({ id, name, domains }) => ({ id, title: name, facts: [domains.join(', ') || null] })), next: next ?? null };
}

function OrganizationForm({ form }: { form: Form<Draft> }) {
  const { w, named } = useTelling();
  const { api } = useDesk();
  const groups = useGroupChoices();
  const { data: plans = [] } = useQuery({ queryKey: ['settings', 'plans'], queryFn: async () => (await unwrap(api.GET('/v1/plans'))).items });
  return (
    <>
      <Text of={form.bind('name')} label={w('form.name')} most={200} required />
      <Texts of={form.bind('domains')} label={w('organization.domains')} hint={w('organization.domainsHint')} lines={2} />
      <Toggle of={form.bind('shared')} label={w('organization.shared')} hint={w('organization.sharedHint')} />
      <Pick of={form.bind('plan')} label={w('organization.plan')} hint={w('organization.planHint')} choices={orNone(w('organization.noPlan'), plans.map((one) => ({ value: one.id, name: named(one) })))} />
      <Pick of={form.bind('group')} label={w('form.group')} hint={w('organization.groupHint')} choices={orNone(w('form.noGroup'), groups)} />
      <Texts of={form.bind('tags')} label={w('person.tags')} hint={w('person.tagsHint')} />
      <Text of={form.bind('notes')} label={w('person.notes')} hint={w('person.notesHint')} lines={4} most={10_000} />
    </>
  );
}

function OrganizationBeside({ form }: { form: Form<Draft> }) {
  const { api } = useDesk();
  const { w } = useTelling();
  const { id } = form;
  const { data: me } = useMe();
  const { data } = useQuery({ queryKey: ['organizations', id, 'overview'], queryFn: () => unwrap(api.GET('/v1/organizations/{id}/overview', { params: { path: { id: id ?? '' } } })), enabled: id !== null });
  const { data: people = [] } = useQuery({
    queryKey: ['people', 'of', id],
    queryFn: async () => (await unwrap(api.GET('/v1/people', { params: { query: { organization: id ?? '', limit: 20 } } }))).items,
    enabled: id !== null,
  });
  if (id === null) return <p className="setup__text">{w('organization.newText')}</p>;
  return (
    <>
      {data ? <Glance of={data} tickets={(ticket) => `/tickets/${ticket}`} /> : <div aria-busy="true" />}
      {data && me?.permissions.includes('change_settings') && <SignOnPart organization={data.organization} />}
      <Part title={w('organization.people')}>
        {people.length === 0 && <p className="setup__text">{w('organization.nobody')}</p>}
        <ul className="listing">
          {people.map(({ id: person, name, email }) => (
            <li key={person}>
              <Link className="listing__row" to={placeOf('people', person)}>
                <span className="listing__title">
                  <bdi>{name ?? email}</bdi>
                </span>
                <span className="listing__facts">{name === null ? '' : email}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Part>
    </>
  );
}
