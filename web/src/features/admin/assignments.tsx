// How each group shares its tickets out.
import { useAgentChoices, useCategoryChoices, useProductChoices } from './choices';
import { each, inside, type Form } from './form';
import { Cards, Part, Pick, Rows, Side, Toggle } from './inputs';
import { at as address, type Kind } from './kind';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { Assignment } from '@/lib/api/settings';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';

interface Item extends Assignment {
  groupName: string;
}

interface Skill {
  agent: string;
  skill: string;
  level: string;
}

interface Draft extends Required<Omit<Assignment, 'id' | 'version' | 'skills'>> {
  skills: Skill[];
}

const METHODS = ['least_busy', 'skills', 'round_robin', 'manual'] as const satisfies readonly Assignment['method'][];
const LEVELS = ['1', '2', '3', '4', '5'] as const;

/** Levels as the API has them: by agent, then by skill. */
function skillsOf(skills: readonly Skill[]): Record<string, Record<string, number>> {
  const made: Record<string, Record<string, number>> = {};
  for (const { agent, skill, level } of skills) made[agent] = { ...made[agent], [skill]: Number(level) };
  return made;
}

export const ASSIGNMENTS: Kind<Item, Draft> = {
  name: 'assignments',
  part: 'assignments',
  needs: 'change_settings',
  items: async (api) => {
    const [groups, { items }] = await Promise.all([unwrap(api.GET('/v1/groups')), unwrap(api.GET('/v1/assignments'))]);
    return groups.items.map(({ id, name }) => ({ method: 'least_busy', version: 0, ...items.find((one) => one.id === id), id, groupName: name }));
  },
  save: (api, id, draft, seen) => unwrap(api.PUT('/v1/assignments/{id}', { params: address(id, seen), body: { ...draft, skills: skillsOf(draft.skills) } })),
  remove: (api, id, seen) => done(api.DELETE('/v1/assignments/{id}', { params: address(id, seen) })),
  ownId: true,
  fresh: null,
  draftOf: ({ method, keep_with_known = false, otherwise_anyone = true, on_absence = 'ask', skills = {} }) => ({
    method, keep_with_known, otherwise_anyone, on_absence,
    skills: Object.entries(skills).flatMap(([agent, levels]) => Object.entries(levels).map(([skill, level]) => ({ agent, skill, level: String(level) }))),
  }),
  versionOf: ({ version }) => version ?? 0,
  nameOf: () => '',
  title: ({ groupName }) => groupName,
  facts: (one, { w }) => [w(`methods.${one.method}`), one.version === 0 ? w('form.asFromTheStart') : null],
  stays: ({ version }) => version === 0,
  Form: AssignmentForm,
};

function AssignmentForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const agents = useAgentChoices();
  const skills = useSkillChoices();
  const levels = form.bind('skills');
  return (
    <>
      <Cards of={form.bind('method')} label={w('form.method')} choices={METHODS.map((one) => ({ value: one, name: w(`methods.${one}`), text: w(`methodTexts.${one}`) }))} />
      {form.draft.method === 'skills' && (
        <Part title={w('form.skills')} text={w('form.groupSkillsText')}>
          <Rows
            of={levels}
            label={w('form.skills')}
            naming={(one) => `${agents.find(({ value }) => value === one.agent)?.name ?? one.agent}, ${one.skill}`}
            add={w('form.addSkill')}
            sorted={false}
            fresh={(): Skill => ({ agent: agents[0]?.value ?? '', skill: skills[0]?.value ?? '', level: '3' })}
          >
            {(one, at) => {
              const skill = each(levels, at, one);
              return (
                <Side>
                  <Pick of={inside(skill, 'agent')} label={w('form.agent')} choices={agents} />
                  <Pick of={inside(skill, 'skill')} label={w('form.skill')} choices={skills} />
                  <Pick of={inside(skill, 'level')} label={w('form.level')} choices={LEVELS.map((level) => ({ value: level, name: w(`levels.${level}`) }))} />
                </Side>
              );
            }}
          </Rows>
          <Toggle of={form.bind('otherwise_anyone')} label={w('form.otherwiseAnyone')} hint={w('form.otherwiseAnyoneHint')} />
        </Part>
      )}
      <Toggle of={form.bind('keep_with_known')} label={w('form.keepWithKnown')} hint={w('form.keepWithKnownHint')} />
      <Cards of={form.bind('on_absence')} label={w('form.onAbsence')} choices={(['ask', 'move'] as const).map((one) => ({ value: one, name: w(`onAbsence.${one}`), text: w(`onAbsenceTexts.${one}`) }))} />
    </>
  );
}

function useSkillChoices() {
  const categories = useCategoryChoices();
  const products = useProductChoices();
  return [
    ...LANGUAGES.map((one) => ({ value: `language:${one}`, name: LANGUAGE_NAMES[one] })),
    ...categories.map(({ value, name }) => ({ value: `category:${value}`, name })),
    ...products.map(({ value, name }) => ({ value: `product:${value}`, name })),
  ];
}
