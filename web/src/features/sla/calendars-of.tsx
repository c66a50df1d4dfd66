// Calendars in which tickets of some groups and organizations are counted instead of the policy's own.
import { useState } from 'react';
import { Several } from './several';
import { useTelling } from './use-telling';
import { Field, Select } from '@/components/form';
import { useGroups } from '@/lib/data/directory';
import { useOrganizationNames } from '@/lib/data/sla';

type Kept = Readonly<Record<string, string>>;

interface Props {
  /** The policy's own. */
  calendarId: string;
  groups: Kept;
  organizations: Kept;
  onChange: (part: { groupCalendars?: Kept; organizationCalendars?: Kept }) => void;
}

/** The same with one more, or with another; '' takes it out. */
const put = (kept: Kept, id: string, calendar: string): Kept => Object.fromEntries<string>([...Object.entries(kept).filter(([one]) => one !== id), ...(calendar === '' ? [] : [[id, calendar] as const])]);

export function CalendarsOf({ calendarId, groups, organizations, onChange }: Props) {
  const { w, calendars } = useTelling();
  const [wanted, setWanted] = useState('');
  const { data: known = [] } = useGroups();
  const chosen = Object.keys(organizations);
  const { data: named = [] } = useOrganizationNames(wanted, chosen);
  if (calendars.length < 2 && chosen.length === 0) return null;
  const choices = calendars.map((one) => ({ value: one.id, name: one.name }));
  const first = calendars.find(({ id }) => id !== calendarId)?.id ?? calendarId;
  const same = { value: '', name: w('editor.sameCalendar') };
  return (
    <>
      <div className="fields">
        {known.map((group) => (
          <Field key={group.id} label={w('editor.groupCalendar', { group: group.name })}>
            {({ id }) => <Select id={id} value={groups[group.id] ?? ''} choices={[same, ...choices]} onChange={(calendar) => onChange({ groupCalendars: put(groups, group.id, calendar) })} />}
          </Field>
        ))}
      </div>
      <div className="fields">
        <Several
          label={w('editor.organizationCalendars')}
          hint={w('editor.organizationCalendarsHint')}
          chosen={chosen}
          choices={named}
          onSearch={setWanted}
          onChange={(ids) => onChange({ organizationCalendars: Object.fromEntries(ids.map((id) => [id, organizations[id] ?? first])) })}
        />
        {chosen.map((one) => (
          <Field key={one} label={w('editor.groupCalendar', { group: named.find(({ value }) => value === one)?.name ?? one })}>
            {({ id }) => <Select id={id} value={organizations[one] ?? first} choices={choices} onChange={(calendar) => onChange({ organizationCalendars: put(organizations, one, calendar) })} />}
          </Field>
        ))}
      </div>
    </>
  );
}
