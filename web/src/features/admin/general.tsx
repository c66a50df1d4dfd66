// The desk itself: its name, its language and days, how long things take, and what strangers may do.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { giveUp, keep, useKept } from './drafts';
import { formOf, inside, inUnits } from './form';
import { Amount, Part, Pick, Side, Text, Toggle } from './inputs';
import { seenAt } from './kind';
import { Failed } from './setting';
import { useTelling } from './use-telling';
import { Versions } from './versions';
import { unwrap } from '@/lib/api/client';
import { ApiError, type FieldProblem } from '@/lib/api/problem';
import type { General as Desk } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { useGroups } from '@/lib/data/directory';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';
import { toast } from '@/lib/toasts';

const PLACE = '/admin/general/desk';
const MINUTE = 60;
const DAY = 86_400;
const zones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

interface Seen {
  desk: Desk;
  version: number;
}

export function General() {
  const { w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const { data: groups = [] } = useGroups();
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const { data, isError, refetch } = useQuery({
    queryKey: ['settings', 'general'],
    queryFn: async (): Promise<Seen> => {
      const { version, ...desk } = await unwrap(api.GET('/v1/settings/general'));
      return { desk, version };
    },
  });
  const kept = useKept<Desk>(PLACE);
  const save = useMutation({
    mutationFn: ({ desk, version }: Seen) => unwrap(api.PUT('/v1/settings/general', { params: seenAt(version), body: desk })),
    onSuccess: async () => {
      giveUp(PLACE);
      setProblems([]);
      await client.invalidateQueries({ queryKey: ['settings'] });
      toast(w('editor.saved', { name: w('pages.general.title') }));
    },
    onError: (error) => {
      setProblems(error instanceof ApiError ? error.errors : []);
      toast(error instanceof ApiError && error.code === 'stale_version' ? w('editor.stale') : w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem');
    },
  });
  if (!data) return isError ? <Failed again={() => void refetch()} /> : <div aria-busy="true" />;
  const draft = kept?.draft ?? data.desk;
  const form = formOf({ draft, id: 'desk', isNew: false, fixed: false }, problems, (part) => {
    const next = { ...draft, ...part };
    if (JSON.stringify(next) === JSON.stringify(data.desk)) giveUp(PLACE);
    else keep(PLACE, { draft: next, id: null, seen: kept?.seen ?? data.version });
  });
  const group = form.bind('default_group');
  const limits = form.bind('limits');
  return (
    <form
      className="setup-single"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ desk: draft, version: kept?.seen ?? data.version });
      }}
    >
      <h1 className="setup__title">{w('pages.general.title')}</h1>
      <p className="setup__text">{w('pages.general.text')}</p>
      <Part title={w('general.desk')}>
        <Side>
          <Text of={form.bind('name')} label={w('general.name')} most={200} required />
          <Pick of={form.bind('language')} label={w('general.language')} hint={w('general.languageHint')} choices={LANGUAGES.map((value) => ({ value, name: LANGUAGE_NAMES[value] }))} />
          <Text of={form.bind('time_zone')} label={w('general.zone')} hint={w('general.zoneHint')} list={zones()} required />
          <Pick
            of={{ ...group, value: group.value ?? '', set: (value) => group.set(value === '' ? null : value) }}
            label={w('general.group')}
            hint={w('general.groupHint')}
            choices={[{ value: '', name: w('general.nobody') }, ...groups.map(({ id, name }) => ({ value: id, name }))]}
          />
        </Side>
      </Part>
      <Part title={w('general.answers')}>
        <Side>
          <Amount of={form.bind('hold_seconds')} label={w('general.hold')} hint={w('general.holdHint')} empty={0} min={0} unit={w('general.seconds')} />
          <Amount of={inUnits(form.bind('link_valid_seconds'), DAY)} label={w('general.links')} empty={0} min={0} unit={w('general.days')} />
          <Amount of={inUnits(form.bind('close_after_seconds'), DAY)} label={w('general.close')} hint={w('general.emptyNever')} empty={null} min={0} unit={w('general.days')} />
        </Side>
        <Toggle of={form.bind('tasks_before_solving')} label={w('general.tasks')} />
        <Toggle of={form.bind('organization_may_join')} label={w('general.join')} />
        <Toggle of={form.bind('articles_in_acknowledgement')} label={w('general.articles')} />
      </Part>
      <Part title={w('general.surveys')}>
        <Side>
          <Amount of={inUnits(form.bind('survey_delay_seconds'), MINUTE)} label={w('general.delay')} hint={w('general.emptyNever')} empty={null} min={0} unit={w('general.minutes')} />
          <Amount of={inUnits(form.bind('survey_valid_seconds'), DAY)} label={w('general.valid')} empty={0} min={0} unit={w('general.days')} />
        </Side>
      </Part>
      <Part title={w('general.limits')} text={w('general.limitsText')}>
        <Side>
          <Amount of={inside(limits, 'requests_per_address_per_hour')} label={w('general.perAddress')} empty={0} min={0} />
          <Amount of={inside(limits, 'requests_per_ip_per_minute')} label={w('general.perIp')} empty={0} min={0} />
          <Amount of={inside(limits, 'notices_per_address_per_hour')} label={w('general.notices')} empty={0} min={0} />
        </Side>
      </Part>
      <div className="setup__acts">
        <Button type="submit" disabled={kept === undefined} loading={save.isPending}>
          {w('editor.save')}
        </Button>
        {kept !== undefined && (
          <Button
            variant="default"
            onClick={() => {
              giveUp(PLACE);
              setProblems([]);
            }}
          >
            {w('editor.discard')}
          </Button>
        )}
      </div>
      <Versions part="general" id="desk" version={data.version} onRestored={() => giveUp(PLACE)} />
    </form>
  );
}
