// Headings of a grouped list: above which row each stands and what it is called.
import { useStatusName } from '@/lib/data/catalogue';
import type { Heading, TicketRow } from '@/lib/api/types';
import { LEVELS, PRIORITIES, STATUSES, TYPES } from '@/lib/api/types';
import { useNamed, useProducts } from '@/lib/data/catalogue';
import { useNames } from '@/lib/data/directory';
import { useT } from '@/lib/i18n/use-t';

interface Headed {
  /** The row below the heading. */
  at: number;
  value: string | null;
  count: number;
}

const oneOf = <Known extends string>(known: readonly Known[], value: string): Known | null => known.find((item) => item === value) ?? null;
const CHANNELS = ['email', 'web', 'api', 'phone'] as const;

/** What a row has where the list is grouped; undefined: rows do not tell. */
function valueOf(row: TicketRow, by: string): string | null | undefined {
  switch (by) {
    case 'status':
    case 'priority':
    case 'type':
    case 'channel':
    case 'assignee':
    case 'group':
    case 'category':
    case 'product':
    case 'impact':
    case 'urgency':
    case 'custom_status':
      return row[by];
    default:
      return undefined;
  }
}

/** Where the headings of a list stand that is grouped `by` something and so far has these rows. */
export function headingsOf(rows: readonly TicketRow[], headings: readonly Heading[], by: string | null): Headed[] {
  if (by === null || headings.length === 0) return [];
  const counts = new Map(headings.map(({ value, count }) => [value, count]));
  const found: Headed[] = [];
  rows.forEach((row, at) => {
    const value = valueOf(row, by);
    if (value === undefined || (found.length > 0 && found.at(-1)?.value === value)) return;
    // A row that has just moved elsewhere is no new beginning of a group that had its heading.
    if (found.some((one) => one.value === value)) return;
    found.push({ at, value, count: counts.get(value) ?? 0 });
  });
  return found;
}

export function useHeadingName(by: string | null): (value: string | null) => string {
  const t = useT();
  const names = useNames();
  const named = useNamed();
  const { data: products } = useProducts(by === 'product');
  const statusName = useStatusName();
  return (value) => {
    if (value === null) return by === 'assignee' ? t('property.nobody') : by === 'group' ? t('property.noGroup') : by === 'category' ? t('property.noCategory') : t('property.empty');
    const status = oneOf(STATUSES, value);
    const priority = oneOf(PRIORITIES, value);
    const type = oneOf(TYPES, value);
    const channel = oneOf(CHANNELS, value);
    const level = oneOf(LEVELS, value);
    if (by === 'status' && status !== null) return t(`status.${status}`);
    if (by === 'custom_status') return statusName({ status: 'open', custom_status: value });
    if (by === 'priority' && priority !== null) return t(`priority.${priority}`);
    if (by === 'type' && type !== null) return t(`type.${type}`);
    if (by === 'channel' && channel !== null) return t(`channel.${channel}`);
    if ((by === 'impact' || by === 'urgency') && level !== null) return t(`level.${level}`);
    if (by === 'assignee') return names.agent(value) ?? value;
    if (by === 'group') return names.group(value) ?? value;
    if (by === 'category') return names.category(value) ?? value;
    return named(products?.find(({ id }) => id === value)) || value;
  };
}
