// Drafting a rule: what starts it, for which tickets, what it does; beside it what that would do to recent tickets.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { Conditions } from './conditions';
import { bodyOf, draftOf, EMPTY, type Draft } from './draft';
import { RulePreview } from './rule-preview';
import { useWords } from './words';
import { Choices, Fault, Field, Select, type Choice } from '@/components/form';
import { Remove } from '@/components/remove';
import type { FieldProblem } from '@/lib/api/problem';
import { PRIORITIES, STATUSES, type Rule, type RuleDraft } from '@/lib/api/types';
import { useAgents, useCategories, useGroups } from '@/lib/data/directory';
import { useMacros } from '@/lib/data/quick';
import { useRemoveRule, useRules, useSaveRule } from '@/lib/data/rules';
import { usePolicies } from '@/lib/data/sla';
import { useWebhooks } from '@/lib/data/webhooks';
import { useFaults } from '@/lib/faults';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { idFor } from '@/lib/ids';
import { toast } from '@/lib/toasts';
import english from '@/locales/rules/en.json';

const HAPPENINGS = Object.keys(english.happened) as (keyof typeof english.happened)[];

/** A new rule, or the one that the address names. */
export function RuleEditor() {
  const { id } = useParams();
  const language = useLanguage();
  const { data: rules } = useRules();
  if (!rules) return <div aria-busy="true" />;
  const rule = rules.find((one) => one.id === id) ?? null;
  return <Editor key={id ?? 'new'} rule={rule} start={rule ? draftOf(rule, language) : EMPTY} rules={rules} language={language} />;
}

interface EditorProps {
  rule: Rule | null;
  start: Draft;
  rules: readonly Rule[];
  language: string;
}

/** A preview's rule stands one step deeper; where in conditions and actions something is wrong is worth saying. */
const withPlace = ({ pointer, message }: FieldProblem): FieldProblem => ({ pointer: pointer.replace(/^\/rule(?=\/)/, ''), message: `${pointer} ${message}` });

function Editor({ rule, start, rules, language }: EditorProps) {
  const w = useWords();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(start);
  const { faultOf, refuse, say, forgive } = useFaults((detail) => w('editor.notSaved', { detail }), withPlace);
  const save = useSaveRule();
  const remove = useRemoveRule();
  const id = rule?.id ?? idFor(draft.name, ['new', 'webhooks', ...rules.map((one) => one.id)], 'rule');
  const version = rule?.version ?? 0;
  const change = (part: Partial<Draft>): void => {
    setDraft({ ...draft, ...part });
    forgive();
  };
  const sent = (): RuleDraft | null => {
    const body = bodyOf(draft, language);
    if (body === null) say('/conditions', w('editor.badText'));
    return body;
  };
  const put = (): void => {
    const body = sent();
    if (body === null) return;
    const onSuccess = (): void => {
      toast(w('editor.saved', { name: body.name }));
      void navigate('/rules');
    };
    save.mutate({ id, version, body }, { onSuccess, onError: refuse });
  };
  return (
    <div className="setup-grid">
      <form
        className="setup__form rules__form"
        onSubmit={(event) => {
          event.preventDefault();
          put();
        }}
      >
        <h1 className="setup__title">{rule ? rule.name : w('editor.new')}</h1>
        <Start draft={draft} faultOf={faultOf} onChange={change} />
        <h2 className="setup__part">{w('editor.conditions')}</h2>
        <Conditions draft={draft} fault={faultOf('/conditions')} onChange={change} />
        <h2 className="setup__part">{w('editor.actions')}</h2>
        <Acts draft={draft} faultOf={faultOf} onChange={change} />
        <label className="choice">
          <input type="checkbox" checked={draft.stop} onChange={({ target }) => change({ stop: target.checked })} />
          {w('editor.stop')}
        </label>
        <label className="choice">
          <input type="checkbox" checked={draft.enabled} onChange={({ target }) => change({ enabled: target.checked })} />
          {w('editor.enabled')}
        </label>
        <div className="setup__acts">
          <Button type="submit" loading={save.isPending}>
            {w('editor.save')}
          </Button>
          <Button variant="default" onClick={() => void navigate('/rules')}>
            {w('editor.cancel')}
          </Button>
          {rule && (
            <Remove
              name={rule.name}
              text={w('editor.removeText')}
              busy={remove.isPending}
              onRemove={() => remove.mutate({ id, version }, { onSuccess: () => void navigate('/rules'), onError: refuse })}
            />
          )}
        </div>
      </form>
      <aside className="setup__side">
        <RulePreview id={id} draft={sent} onRefused={refuse} />
      </aside>
    </div>
  );
}

interface PartProps {
  draft: Draft;
  faultOf: (start: string) => string | undefined;
  onChange: (part: Partial<Draft>) => void;
}

function Start({ draft, faultOf, onChange }: PartProps) {
  const w = useWords();
  return (
    <>
      <Field label={w('editor.name')} fault={faultOf('/name')}>
        {(wiring) => <input {...wiring} className="input" required maxLength={100} value={draft.name} onChange={({ target }) => onChange({ name: target.value })} />}
      </Field>
      <Field label={w('editor.kind')}>
        {({ id }) => (
          <Select
            id={id}
            value={draft.kind ?? 'trigger'}
            choices={[
              { value: 'trigger', name: w('editor.whenEvent') },
              { value: 'automation', name: w('editor.whenTime') },
            ]}
            onChange={(kind) => onChange({ kind: kind === 'automation' ? 'automation' : 'trigger' })}
          />
        )}
      </Field>
      {draft.kind === 'trigger' && <Choices legend={w('editor.on')} choices={HAPPENINGS.map((one) => ({ value: one, name: w(`happened.${one}`) }))} chosen={draft.on} onChange={(on) => onChange({ on })} />}
      {faultOf('/on') !== undefined && (
        <p className="field__fault" role="alert">
          {faultOf('/on')}
        </p>
      )}
      <Field label={w('editor.order')}>{(wiring) => <input {...wiring} className="input input--short" inputMode="numeric" value={draft.order} onChange={({ target }) => onChange({ order: target.value })} />}</Field>
    </>
  );
}

function Acts({ draft, faultOf, onChange }: PartProps) {
  const t = useT();
  const w = useWords();
  const { data: groups = [] } = useGroups();
  const { data: agents = [] } = useAgents();
  const { data: categories = [] } = useCategories();
  const { data: webhooks = [] } = useWebhooks();
  const { data: macros = [] } = useMacros(true);
  const { data: policies = [] } = usePolicies();
  const keep: Choice = { value: '', name: w('editor.keep') };
  const nobody: Choice = { value: 'none', name: w('editor.nobody') };
  const named = (items: readonly { id: string; name: string }[]): Choice[] => items.map(({ id, name }) => ({ value: id, name }));
  const selects = [
    ['priority', [keep, ...PRIORITIES.map((one) => ({ value: one, name: t(`priority.${one}`) }))]],
    ['status', [keep, ...STATUSES.filter((one) => one !== 'new').map((one) => ({ value: one, name: t(`status.${one}`) }))]],
    ['group', [keep, nobody, ...named(groups)]],
    ['assignee', [keep, nobody, ...named(agents)]],
    ['category', [keep, nobody, ...named(categories)]],
  ] as const;
  return (
    <>
      <div className="rules__selects">
        {selects.map(([name, choices]) => (
          <Field key={name} label={w(`editor.${name}`)} fault={faultOf(`/actions/changes/${name}`)}>
            {({ id }) => <Select id={id} value={draft[name]} choices={choices} onChange={(value) => onChange({ [name]: value })} />}
          </Field>
        ))}
        <Field label={w('editor.slaPolicy')} fault={faultOf('/actions/sla_policy')}>
          {({ id }) => <Select id={id} value={draft.slaPolicy} choices={[keep, { value: 'none', name: w('editor.byConditions') }, ...named(policies)]} onChange={(slaPolicy) => onChange({ slaPolicy })} />}
        </Field>
        {(['addTags', 'removeTags'] as const).map((name) => (
          <Field key={name} label={w(`editor.${name}`)}>
            {(wiring) => <input {...wiring} className="input" value={draft[name]} onChange={({ target }) => onChange({ [name]: target.value })} />}
          </Field>
        ))}
      </div>
      <Field label={w('editor.macro')} hint={w('editor.macroHint')} fault={faultOf('/actions/macro_id')}>
        {({ id }) => <Select id={id} value={draft.macro} choices={[{ value: '', name: w('editor.noMacro') }, ...macros.filter(({ scope }) => scope === 'shared').map((one) => ({ value: one.id, name: one.title }))]} onChange={(macro) => onChange({ macro })} />}
      </Field>
      <Field label={w('editor.task')} hint={w('editor.taskHint')} fault={faultOf('/actions/task')}>
        {(wiring) => <input {...wiring} className="input" maxLength={200} value={draft.task} onChange={({ target }) => onChange({ task: target.value })} />}
      </Field>
      <Field label={w('editor.note')} fault={faultOf('/actions/note')}>
        {(wiring) => <textarea {...wiring} className="input" rows={2} value={draft.note} onChange={({ target }) => onChange({ note: target.value })} />}
      </Field>
      <Field label={w('editor.reply')} hint={w('editor.replyHint')} fault={faultOf('/actions/reply') ?? (faults(faultOf))}>
        {(wiring) => <textarea {...wiring} className="input" rows={4} value={draft.reply} onChange={({ target }) => onChange({ reply: target.value })} />}
      </Field>
      {webhooks.length > 0 ? (
        <Choices legend={w('webhook.call')} choices={webhooks.map(({ id, name, active }) => ({ value: id, name: active ? name : w('webhook.named', { name }) }))} chosen={draft.webhooks} onChange={(chosen) => onChange({ webhooks: chosen })} />
      ) : (
        <p className="field__hint">
          {w('webhook.noneYet')}{' '}
          <Link className="link" to="/rules/webhooks/new">
            {w('webhook.add')}
          </Link>
        </p>
      )}
      {faultOf('/actions/webhooks') !== undefined && <Fault text={faultOf('/actions/webhooks') ?? ''} />}
    </>
  );
}

/** What is wrong with all actions together: there are none. */
const faults = (faultOf: PartProps['faultOf']): string | undefined => {
  const said = faultOf('/actions');
  return said?.startsWith('/actions ') === true || said?.startsWith('/rule/actions ') === true ? said : undefined;
};
