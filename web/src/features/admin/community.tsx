// The community: whether there is one, who reads it, what waits for a moderator, and what becomes a ticket.
import { useQuery } from '@tanstack/react-query';
import { orNone } from './choices';
import { orNothing, type Form } from './form';
import { Amount, Part, Pick, Side, Text, Toggle } from './inputs';
import { seenAt } from './kind';
import { OwnSettings, taggedVersion, type Seen } from './own-settings';
import { useTelling } from './use-telling';
import { answered, unwrap, type Api } from '@/lib/api/client';
import type { CommunitySettings } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';

type Settings = Required<CommunitySettings>;

async function read(api: Api): Promise<Seen<Settings>> {
  const { data, response } = await answered(api.GET('/v1/settings/community'));
  return { settings: { ticket_calendar: null, ticket_category: null, ...data }, version: taggedVersion(response) };
}

const save = (api: Api, settings: Settings, seen: number): Promise<unknown> => {
  const body = { ...settings, held_words: settings.held_words.map((word) => word.trim()).filter((word) => word !== '') };
  return unwrap(api.PUT('/v1/settings/community', { params: seenAt(seen), body }));
};

export function Community() {
  return (
    <OwnSettings name="community" read={read} save={save}>
      {(form) => <CommunityForm form={form} />}
    </OwnSettings>
  );
}

function CommunityForm({ form }: { form: Form<Settings> }) {
  const { w, named } = useTelling();
  const { api } = useDesk();
  const { data: calendars = [] } = useQuery({ queryKey: ['settings', 'calendars', 'named'], queryFn: async () => (await unwrap(api.GET('/v1/calendars'))).items });
  const { data: categories = [] } = useQuery({ queryKey: ['settings', 'categories', 'named'], queryFn: async () => (await unwrap(api.GET('/v1/settings/categories'))).items });
  const words = form.bind('held_words');
  return (
    <>
      <Part title={w('community.there')} text={w('community.thereText')}>
        <Toggle of={form.bind('enabled')} label={w('community.enabled')} />
        <Toggle of={form.bind('signed_in_only')} label={w('community.members')} hint={w('community.membersHint')} />
      </Part>
      <Part title={w('community.waits')} text={w('community.waitsText')}>
        <Side>
          <Amount of={form.bind('hold_first_posts')} label={w('community.first')} hint={w('community.firstHint')} empty={0} min={0} max={100} />
          <Amount of={form.bind('reports_hide')} label={w('community.reports')} hint={w('community.reportsHint')} empty={0} min={0} max={100} />
        </Side>
        <Text of={{ ...words, value: words.value.join('\n'), set: (value) => words.set(value.split('\n')) }} label={w('community.words')} hint={w('community.wordsHint')} lines={4} />
      </Part>
      <Part title={w('community.tickets')} text={w('community.ticketsText')}>
        <Side>
          <Amount of={form.bind('ticket_after_hours')} label={w('community.hours')} hint={w('community.hoursHint')} empty={0} min={0} />
          <Pick
            of={orNothing(form.bind('ticket_calendar'))}
            label={w('community.calendar')}
            choices={orNone(w('community.always'), calendars.map(({ id, name }) => ({ value: id, name })))}
          />
          <Pick
            of={orNothing(form.bind('ticket_category'))}
            label={w('community.category')}
            choices={orNone(w('community.none'), categories.map((one) => ({ value: one.id, name: named(one) })))}
          />
        </Side>
      </Part>
    </>
  );
}
