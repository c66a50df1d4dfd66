// The instants people put things off to: said in words, reckoned in their own time zone.

type PresetName = 'in3hours' | 'tomorrow' | 'monday' | 'week';

interface Preset {
  name: PresetName;
  at: Date;
}

const MORNING = 9;
const DAY_ENDS = 18;
const MONDAY = 1;

function morning(now: Date, days: number): Date {
  const at = new Date(now);
  at.setDate(at.getDate() + days);
  at.setHours(MORNING, 0, 0, 0);
  return at;
}

/** What `now` offers, soonest first: nothing late in the evening, and no Monday that is tomorrow. */
export function presets(now: Date): Preset[] {
  const later = new Date(now);
  later.setHours(now.getHours() + 3, 0, 0, 0);
  const toMonday = ((MONDAY - now.getDay() + 7) % 7) || 7;
  const all: (Preset | null)[] = [
    now.getHours() + 3 <= DAY_ENDS ? { name: 'in3hours', at: later } : null,
    { name: 'tomorrow', at: morning(now, 1) },
    toMonday > 1 ? { name: 'monday', at: morning(now, toMonday) } : null,
    toMonday === 7 ? null : { name: 'week', at: morning(now, 7) },
  ];
  return all.filter((preset) => preset !== null);
}

/** What a `datetime-local` field takes for `at`. */
export function localValue(at: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
