// Filters of a search as chips: each is a word of the search language, put in or taken out with a click.
import { useT } from '@/lib/i18n/use-t';
import { hasFilter, toggleFilter } from '@/lib/tickets/query';
import './filter-chips.css';

const FILTERS = [
  ['active', 'status:active'],
  ['done', 'status:done'],
  ['mine', 'assignee:me'],
  ['nobody', 'assignee:none'],
  ['myGroups', 'group:mine'],
  ['urgent', 'priority:urgent,high'],
  ['mail', 'channel:email'],
] as const;

interface FilterChipsProps {
  search: string;
  onSearch: (search: string) => void;
}

export function FilterChips({ search, onSearch }: FilterChipsProps) {
  const t = useT();
  return (
    <div className="chip-filters" role="group" aria-label={t('search.filters')}>
      {FILTERS.map(([name, filter]) => (
        <button key={name} type="button" className="chip-filter" aria-pressed={hasFilter(search, filter)} title={filter} onClick={() => onSearch(toggleFilter(search, filter))}>
          {t(`search.filter.${name}`)}
        </button>
      ))}
    </div>
  );
}
