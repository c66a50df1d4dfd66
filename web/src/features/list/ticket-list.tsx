// The list of a view: any length, never jumping under the reader's eyes, walked with j and k.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '@mantine/core';
import { EmptyState } from '@/components/empty-state';
import { IconCloudOff, IconInboxOff, IconSearch } from '@/components/icons';
import { TicketRowItem } from './ticket-row';
import { useWindow } from './use-window';
import type { TicketRow } from '@/lib/api/types';
import { useNames } from '@/lib/data/directory';
import { flat, unique } from '@/lib/data/pages';
import { isUnread, useSeen } from '@/lib/data/seen';
import { usePrefetchTicket, useTicketList } from '@/lib/data/tickets';
import { useT } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { filterOf, ticketPath, type ViewId } from '@/lib/tickets/views';
import './ticket-list.css';

export const ROW_HEIGHT = 88;

/** Keeps the rows in view where they are when others come in above them. */
function useAnchor(rows: readonly TicketRow[], scroller: HTMLElement | null): void {
  const top = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (!scroller) return undefined;
    const before = top.current === null ? -1 : rows.findIndex((row) => row.id === top.current);
    const shownFirst = Math.floor(scroller.scrollTop / ROW_HEIGHT);
    if (scroller.scrollTop > 0 && before >= 0 && before !== shownFirst) scroller.scrollBy({ top: (before - shownFirst) * ROW_HEIGHT });
    const remember = (): void => {
      top.current = rows[Math.floor(scroller.scrollTop / ROW_HEIGHT)]?.id ?? null;
    };
    remember();
    scroller.addEventListener('scroll', remember, { passive: true });
    return () => scroller.removeEventListener('scroll', remember);
  }, [rows, scroller]);
}

function reveal(scroller: HTMLElement | null, index: number): void {
  if (!scroller) return;
  const top = index * ROW_HEIGHT;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  const bottom = top + ROW_HEIGHT - scroller.clientHeight;
  if (bottom > scroller.scrollTop) scroller.scrollTop = bottom;
}

interface TicketListProps {
  view: ViewId;
  search: string;
  openId: string | null;
  onOpen: (id: string) => void;
  onClearSearch: () => void;
}

export function TicketList({ view, search, openId, onOpen, onClearSearch }: TicketListProps) {
  const t = useT();
  const names = useNames();
  const seen = useSeen();
  const prefetch = usePrefetchTicket();
  const list = useTicketList(filterOf(view, search));
  const rows = unique(flat(list.data));
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const [cursorId, setCursorId] = useState<string | null>(openId);
  const lastIndex = useRef(0);

  const marked = openId ?? cursorId;
  const found = rows.findIndex((row) => row.id === marked);
  useEffect(() => {
    if (found >= 0) lastIndex.current = found;
  }, [found]);

  const shown = useWindow(scroller, ROW_HEIGHT, rows.length);
  useAnchor(rows, scroller);

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && shown.to >= rows.length - 10) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, shown.to, rows.length]);

  const step = (by: 1 | -1): void => {
    // A ticket that left the list leaves its place to the next one.
    const from = found >= 0 ? found : by === 1 ? lastIndex.current - 1 : lastIndex.current;
    const next = rows[Math.min(rows.length - 1, Math.max(0, marked === null ? 0 : from + by))];
    if (!next) return;
    setCursorId(next.id);
    reveal(scroller, rows.indexOf(next));
    if (openId === null) prefetch(next.id);
    else onOpen(next.id);
  };
  useHotkeys([
    { keys: 'j', run: () => step(1) },
    { keys: 'k', run: () => step(-1) },
    { keys: 'ArrowDown', run: () => step(1) },
    { keys: 'ArrowUp', run: () => step(-1) },
    { keys: 'Enter', run: () => cursorId !== null && onOpen(cursorId) },
  ]);

  if (list.isPending) return <ListSkeleton />;
  if (list.isError && rows.length === 0) {
    return (
      <EmptyState
        icon={<IconCloudOff size={22} stroke={1.6} />}
        title={t('list.failedTitle')}
        text={t('list.failedText')}
        action={<Button variant="default" onClick={() => void list.refetch()}>{t('common.tryAgain')}</Button>}
      />
    );
  }
  if (rows.length === 0) return <NothingHere search={search} view={view} onClearSearch={onClearSearch} />;

  return (
    <div className="list__scroll" ref={setScroller}>
      <ul className="list__rows" style={{ height: rows.length * ROW_HEIGHT }} aria-label={t('list.label')}>
        {rows.slice(shown.from, shown.to).map((row, index) => {
          const place = shown.from + index;
          return (
            <TicketRowItem
              key={row.id}
              row={row}
              to={ticketPath(row.id, view, search)}
              assignee={row.assignee === null ? null : (names.agent(row.assignee) ?? '?')}
              open={row.id === openId}
              cursor={openId === null && row.id === cursorId}
              unread={isUnread(row, seen)}
              top={place * ROW_HEIGHT}
              place={place + 1}
              size={hasNextPage ? -1 : rows.length}
              onHover={prefetch}
            />
          );
        })}
      </ul>
    </div>
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
  const kind = view === 'mine' || view === 'unassigned' ? view : 'other';
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
