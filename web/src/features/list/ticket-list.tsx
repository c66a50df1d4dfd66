// The list of a view: any length, never jumping under the reader's eyes, walked with j and k, selected with x, shift and ctrl.
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type MouseEvent } from 'react';
import { Button } from '@mantine/core';
import { Failed } from '@/components/failed';
import { EmptyState } from '@/components/empty-state';
import { IconCheck, IconInboxOff, IconSearch } from '@/components/icons';
import { TicketRowItem } from './ticket-row';
import { headingsOf, useHeadingName } from './grouping';
import { layoutOf, type Layout } from './layout';
import { useRows } from './use-rows';
import { stretched, toggled, type Selection } from './selection';
import { useWindow } from './use-window';
import { ApiError } from '@/lib/api/problem';
import type { TicketRow } from '@/lib/api/types';
import { useNames } from '@/lib/data/directory';
import { useHabit } from '@/lib/data/habits';
import { isUnread, useSeen } from '@/lib/data/seen';
import { usePrefetchTicket } from '@/lib/data/ahead';
import { useViews } from '@/lib/data/views';
import { useT } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { deskViewOf, ticketPath, type ViewId } from '@/lib/tickets/views';
import './ticket-list.css';

const ROW_HEIGHT = 82;
const DENSE_HEIGHT = 56;
const NO_COLUMNS: readonly string[] = [];

/** Keeps the rows in view where they are when others come in above them. */
function useAnchor(rows: readonly TicketRow[], scroller: HTMLElement | null, layout: Layout): void {
  const top = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (!scroller) return undefined;
    const before = top.current === null ? -1 : rows.findIndex((row) => row.id === top.current);
    const shownFirst = layout.rowAt(scroller.scrollTop);
    if (scroller.scrollTop > 0 && before >= 0 && before !== shownFirst) scroller.scrollBy({ top: layout.topOf(before) - layout.topOf(shownFirst) });
    const remember = (): void => {
      top.current = rows[layout.rowAt(scroller.scrollTop)]?.id ?? null;
    };
    remember();
    scroller.addEventListener('scroll', remember, { passive: true });
    return () => scroller.removeEventListener('scroll', remember);
  }, [rows, scroller, layout]);
}

function reveal(scroller: HTMLElement | null, index: number, height: number, layout: Layout): void {
  if (!scroller) return;
  const top = layout.topOf(index);
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  const bottom = top + height - scroller.clientHeight;
  if (bottom > scroller.scrollTop) scroller.scrollTop = bottom;
}

/** What a selection was made in: the rows that are loaded, and how many there are. */
export interface Listed {
  loaded: number;
  count: number | null;
  more: boolean;
}

interface TicketListProps {
  view: ViewId;
  search: string;
  openId: string | null;
  selection: Selection;
  /** How many tickets the list holds in all, where more than those that are loaded can be meant. */
  onSelection: (selection: Selection, listed: Listed) => void;
  onOpen: (id: string) => void;
  onClearSearch: () => void;
}

export function TicketList({ view, search, openId, selection, onSelection, onOpen, onClearSearch }: TicketListProps) {
  const t = useT();
  const names = useNames();
  const seen = useSeen();
  const prefetch = usePrefetchTicket();
  const { rows, hits, pending, stale, error, more, count, headings, loadMore, retry } = useRows(view, search);
  const { data: views } = useViews();
  const deskView = search === '' ? views?.find((one) => one.id === deskViewOf(view)) : undefined;
  const grouped = deskView?.group_by ?? null;
  const headed = useMemo(() => headingsOf(rows, headings, grouped), [rows, headings, grouped]);
  const headingName = useHeadingName(grouped);
  const columns = deskView?.columns ?? NO_COLUMNS;
  const choose = (next: Selection): void => onSelection(next, { loaded: rows.length, count, more });
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const [cursorId, setCursorId] = useState<string | null>(openId);
  const [from, setFrom] = useState<string | null>(null);
  const lastIndex = useRef(0);
  const height = useHabit('dense') ? DENSE_HEIGHT : ROW_HEIGHT;

  const marked = openId ?? cursorId;
  const found = rows.findIndex((row) => row.id === marked);
  useEffect(() => {
    if (found >= 0) lastIndex.current = found;
  }, [found]);

  const layout = useMemo(() => layoutOf(rows.length, height, headed.map(({ at }) => at)), [rows.length, height, headed]);
  const shown = useWindow(scroller, layout, rows.length);
  useAnchor(rows, scroller, layout);
  useEffect(() => {
    if (loadMore && shown.to >= rows.length - 10) loadMore();
  }, [loadMore, shown.to, rows.length]);

  const step = (by: 1 | -1): TicketRow | undefined => {
    // A ticket that left the list leaves its place to the next one.
    const start = found >= 0 ? found : by === 1 ? lastIndex.current - 1 : lastIndex.current;
    const next = rows[Math.min(rows.length - 1, Math.max(0, marked === null ? 0 : start + by))];
    if (!next) return undefined;
    setCursorId(next.id);
    reveal(scroller, rows.indexOf(next), height, layout);
    if (openId === null) prefetch(next.id);
    else onOpen(next.id);
    return next;
  };
  const ids = (): string[] => rows.map((row) => row.id);
  const extend = (by: 1 | -1): void => {
    const start = marked;
    const next = step(by);
    if (next) choose(stretched(selection, ids(), start, next.id));
  };
  const toggle = (id: string, stretch: boolean): void => {
    choose(stretch ? stretched(selection, ids(), from ?? marked, id) : toggled(selection, id));
    setFrom(id);
  };
  const onClick = (event: MouseEvent, id: string): void => {
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    toggle(id, event.shiftKey);
  };
  useHotkeys([
    { keys: 'j', run: () => void step(1), label: t('keys.next') },
    { keys: 'k', run: () => void step(-1), label: t('keys.previous') },
    { keys: 'ArrowDown', run: () => void step(1) },
    { keys: 'ArrowUp', run: () => void step(-1) },
    { keys: 'J', run: () => extend(1) },
    { keys: 'K', run: () => extend(-1) },
    { keys: 'Enter', run: () => cursorId !== null && onOpen(cursorId) },
    { keys: 'x', run: () => marked !== null && toggle(marked, false), label: t('keys.select'), icon: <IconCheck size={16} /> },
    { keys: 'Mod+a', run: () => choose(new Set(ids())), label: t('keys.selectAll'), icon: <IconCheck size={16} /> },
  ]);

  if (pending) return <ListSkeleton />;
  if (error && rows.length === 0) return <ListFailed error={error} searching={search !== ''} onRetry={retry} onClearSearch={onClearSearch} />;
  if (rows.length === 0) return <NothingHere search={search} view={view} onClearSearch={onClearSearch} />;

  return (
    <div className="list__scroll" ref={setScroller} aria-busy={stale}>
      <ul className={height === DENSE_HEIGHT ? 'list__rows list__rows--dense' : 'list__rows'} style={{ height: layout.total }} aria-label={t('list.label')} data-selecting={selection.size > 0 || undefined}>
        {headed
          .filter(({ at }) => at >= shown.from && at < shown.to)
          .map(({ at, value, count: under }) => (
            <li key={`heading-${value ?? ''}`} className="list__heading" style={{ transform: `translateY(${layout.headingTop(at)}px)` }}>
              {/* The count is part of its words for who hears the list. */}
              <span className="list__heading-name">{headingName(value)}</span> <span className="list__heading-count">{under}</span>
            </li>
          ))}
        {rows.slice(shown.from, shown.to).map((row, index) => {
          const place = shown.from + index;
          return (
            <TicketRowItem
              key={row.id}
              row={row}
              hit={hits.get(row.id)}
              to={ticketPath(row.id, view, search)}
              assignee={row.assignee === null ? null : (names.agent(row.assignee) ?? '?')}
              open={row.id === openId}
              cursor={openId === null && row.id === cursorId}
              selected={selection.has(row.id)}
              unread={isUnread(row, seen)}
              top={layout.topOf(place)}
              columns={columns}
              place={place + 1}
              size={more ? -1 : rows.length}
              onHover={prefetch}
              onSelect={toggle}
              onClick={onClick}
            />
          );
        })}
      </ul>
    </div>
  );
}


interface ListFailedProps {
  error: Error;
  searching: boolean;
  onRetry: () => void;
  onClearSearch: () => void;
}

function ListFailed({ error, searching, onRetry, onClearSearch }: ListFailedProps) {
  const t = useT();
  if (searching && error instanceof ApiError && (error.status === 422 || error.status === 400)) {
    return (
      <EmptyState
        icon={<IconSearch size={22} stroke={1.6} />}
        title={t('list.notUnderstood')}
        text={error.errors[0]?.message ?? error.detail}
        action={<Button variant="default" onClick={onClearSearch}>{t('list.clearSearch')}</Button>}
      />
    );
  }
  return (
    <Failed title={t('list.failedTitle')} text={t('list.failedText')} again={onRetry} />
  );
}

function NothingHere({ search, view, onClearSearch }: Pick<TicketListProps, 'search' | 'view' | 'onClearSearch'>) {
  const t = useT();
  if (search !== '') {
    return (
      <EmptyState
        icon={<IconSearch size={22} stroke={1.6} />}
        title={t('list.noResultsTitle', { search })}
        text={t('list.noResultsText')}
        action={<Button variant="default" onClick={onClearSearch}>{t('list.clearSearch')}</Button>}
      />
    );
  }
  const kind = view === 'mine' || view === 'unassigned' || view === 'snoozed' ? view : 'other';
  return <EmptyState icon={<IconInboxOff size={22} stroke={1.6} />} title={t(`list.empty.${kind}.title`)} text={t(`list.empty.${kind}.text`)} />;
}

function ListSkeleton() {
  const t = useT();
  return (
    <div className="list__skeleton" role="status" aria-label={t('common.loading')}>
      {[72, 54, 88, 61, 80, 47, 70].map((width) => (
        <div key={width} className="ghost-row" aria-hidden="true">
          <span className="ghost" style={{ width: '38%' }} />
          <span className="ghost" style={{ width: `${width}%` }} />
          <span className="ghost ghost--faint" style={{ width: `${100 - width / 3}%` }} />
        </div>
      ))}
    </div>
  );
}
