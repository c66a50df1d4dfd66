// Roles: what colleagues may do, and which tickets they see.
import { Fragment } from 'react';
import type { Form } from './form';
import { Cards, Fault, Names } from './inputs';
import { at, type Kind } from './kind';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { Permission, Role } from '@/lib/api/settings';

type Draft = Required<Omit<Role, 'id' | 'version' | 'built_in'>>;

const PERMISSIONS: readonly (readonly ['everyday' | 'supervising' | 'administering', readonly Permission[]])[] = [
  ['everyday', ['write_notes', 'reply', 'change_tickets', 'open_tickets', 'bulk_actions', 'log_time', 'write_templates', 'write_articles', 'handle_mail', 'change_people']],
  ['supervising', ['supervise', 'publish_articles', 'moderate_community', 'see_private_groups']],
  ['administering', ['change_settings', 'manage_agents', 'read_audit', 'export_and_erase']],
];
const SEES = ['everything', 'own_groups', 'assigned'] as const satisfies readonly Role['sees'][];

const isBuiltIn = ({ built_in }: Role): boolean => built_in === true;

export const ROLES: Kind<Role, Draft> = {
  name: 'roles',
  part: 'roles',
  needs: 'manage_agents',
  items: async (api) => (await unwrap(api.GET('/v1/roles'))).items,
  save: (api, id, body, seen) => unwrap(api.PUT('/v1/roles/{id}', { params: at(id, seen), body })),
  remove: (api, id, seen) => done(api.DELETE('/v1/roles/{id}', { params: at(id, seen) })),
  ownId: true,
  fresh: () => ({ names: {}, permissions: ['read', 'write_notes'], sees: 'everything' }),
  draftOf: ({ names, permissions = [], sees = 'everything' }) => ({ names, permissions, sees }),
  versionOf: ({ version }) => version ?? 0,
  nameOf: ({ names }) => names['en'] ?? Object.values(names)[0] ?? '',
  title: (role, { named }) => named(role),
  facts: (role, { w }) => [role.id, w('form.permissionCount', { count: (role.permissions ?? []).length }), w(`sees.${role.sees ?? 'everything'}`), isBuiltIn(role) ? w('form.builtIn') : null],
  fixed: isBuiltIn,
  stays: isBuiltIn,
  Form: RoleForm,
};

function RoleForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const permissions = form.bind('permissions');
  const fault = permissions.fault();
  const set = (name: Permission, may: boolean): void => permissions.set(may ? [...permissions.value, name] : permissions.value.filter((one) => one !== name));
  return (
    <>
      <Names of={form.bind('names')} label={w('form.names')} hint={w('form.namesHint')} />
      <Cards of={form.bind('sees')} label={w('form.sees')} choices={SEES.map((one) => ({ value: one, name: w(`sees.${one}`), text: w(`seesText.${one}`) }))} />
      <table className="permissions">
        <caption className="setup__part">{w('form.permissions')}</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{w('form.permission')}</th>
            <th scope="col">{w('form.allowed')}</th>
          </tr>
        </thead>
        {PERMISSIONS.map(([group, names]) => (
          <Fragment key={group}>
            <tbody>
              <tr>
                <th className="permissions__group" scope="colgroup" colSpan={2}>
                  {w(`permissionGroups.${group}`)}
                </th>
              </tr>
              {names.map((name) => (
                <tr key={name}>
                  <th scope="row">
                    <label htmlFor={`may-${name}`}>{w(`permissions.${name}`)}</label>
                    <span className="field__hint">{w(`permissionTexts.${name}`)}</span>
                  </th>
                  <td>
                    <input id={`may-${name}`} type="checkbox" checked={permissions.value.includes(name)} onChange={({ target }) => set(name, target.checked)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </Fragment>
        ))}
      </table>
      {fault !== undefined && <Fault text={fault} />}
    </>
  );
}
