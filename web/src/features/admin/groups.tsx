// Groups: who answers what.
import type { Form } from './form';
import { Text, Toggle } from './inputs';
import type { Kind } from './kind';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { Group } from '@/lib/api/types';
import { useAgents } from '@/lib/data/directory';

type Draft = Omit<Group, 'id'>;

export const GROUPS: Kind<Group, Draft> = {
  name: 'groups',
  part: 'groups',
  needs: 'manage_agents',
  items: async (api) => (await unwrap(api.GET('/v1/groups'))).items,
  save: (api, id, body) => unwrap(api.PUT('/v1/groups/{id}', { params: { path: { id: id ?? '' } }, body })),
  remove: (api, id) => done(api.DELETE('/v1/groups/{id}', { params: { path: { id } } })),
  ownId: true,
  fresh: () => ({ name: '', private: false }),
  draftOf: ({ name, private: hidden }) => ({ name, private: hidden }),
  versionOf: () => null,
  nameOf: ({ name }) => name,
  title: ({ name }) => name,
  facts: (group, { w }) => [group.id, group.private ? w('form.privateShort') : null],
  Form: GroupForm,
};

function GroupForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const { data: agents = [] } = useAgents();
  const members = agents.filter((agent) => form.id !== null && agent.groups.includes(form.id)).map((agent) => agent.name);
  return (
    <>
      <Text of={form.bind('name')} label={w('form.name')} most={200} required />
      <Toggle of={form.bind('private')} label={w('form.private')} hint={w('form.privateHint')} />
      {!form.isNew && <p className="setup__text">{members.length === 0 ? w('form.nobodyIn') : w('form.members', { names: members.join(', ') })}</p>}
    </>
  );
}
