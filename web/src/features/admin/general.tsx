// The desk itself: its name, its language and days, how long things take, and what strangers may do.
import { orNone, useGroupChoices } from './choices';
import { inside, inUnits, orNothing, type Form } from './form';
import { Amount, Part, Pick, Side, Text, Toggle } from './inputs';
import { seenAt } from './kind';
import { OwnSettings, type Seen } from './own-settings';
import { useTelling } from './use-telling';
import { unwrap, type Api } from '@/lib/api/client';
import type { General as Desk } from '@/lib/api/settings';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';

const MINUTE = 60;
const DAY = 86_400;
const zones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

async function read(api: Api): Promise<Seen<Desk>> {
  const { version, ...settings } = await unwrap(api.GET('/v1/settings/general'));
  return { settings, version };
}

const save = (api: Api, body: Desk, seen: number): Promise<unknown> => unwrap(api.PUT('/v1/settings/general', { params: seenAt(seen), body }));

export function General() {
  return (
    <OwnSettings name="general" read={read} save={save}>
      {(form) => <GeneralForm form={form} />}
    </OwnSettings>
  );
}

function GeneralForm({ form }: { form: Form<Desk> }) {
  const { w } = useTelling();
  const groups = useGroupChoices();
  const limits = form.bind('limits');
  return (
    <>
      <Part title={w('general.desk')}>
        <Side>
          <Text of={form.bind('name')} label={w('general.name')} most={200} required />
          <Pick of={form.bind('language')} label={w('general.language')} hint={w('general.languageHint')} choices={LANGUAGES.map((value) => ({ value, name: LANGUAGE_NAMES[value] }))} />
          <Text of={form.bind('time_zone')} label={w('general.zone')} hint={w('general.zoneHint')} list={zones()} required />
          <Pick
            of={orNothing(form.bind('default_group'))}
            label={w('general.group')}
            hint={w('general.groupHint')}
            choices={orNone(w('general.nobody'), groups)}
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
    </>
  );
}
