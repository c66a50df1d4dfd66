// The three panes: views, list, ticket. Which of them are on the screen depends on its width; where one is stands in the address.
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { Dialog } from '@/components/dialog';
import { EmptyState } from '@/components/empty-state';
import { IconAdjustments, IconBell, IconEye, IconInbox, IconKeyboard, IconList, IconMenu, IconSidebarLeft } from '@/components/icons';
import { Key } from '@/components/key';
import { Splitter, usePaneWidth } from '@/components/splitter';
import { SearchField } from '@/features/list/search-field';
import { NOTHING, type Selection } from '@/features/list/selection';
import { TicketList, type Listed } from '@/features/list/ticket-list';
import { Bell } from '@/features/notifications/bell';
import { openPalette } from '@/features/palette/opened';
import { CommandPalette } from '@/features/palette/palette';
import { Preferences } from '@/features/preferences/preferences';
import { ViewsPane } from '@/features/views/views-pane';
import { wholeOf } from '@/lib/data/bulk';
import { useTitle } from '@/lib/data/desk-name';
import { habit, setHabit } from '@/lib/data/habits';
import { useTour, type TourState } from '@/lib/data/tour';
import { useGroups, useNames } from '@/lib/data/directory';
import { useChangeFeed, useViews, useViewTitle } from '@/lib/data/views';
import { useT } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { useMedia, useOnline } from '@/lib/media';
import { readFlag, writeJson } from '@/lib/storage';
import { undoLatest } from '@/lib/toasts';
import { agentOf, DEFAULT_VIEW, deskViewOf, editPath, filterOf, FIXED_VIEWS, groupOf, heldPath, SETTINGS_PATH, ticketPath, viewOf, viewPath, type FixedView, type ViewId } from '@/lib/tickets/views';
import '@/app/desk-page.css';

// The list is there first; the ticket's pane is fetched while somebody looks at it.
const ticketPane = () => import('@/app/ticket-pane');
const TicketPane = lazy(async () => ({ default: (await ticketPane()).TicketPane }));
const BulkBar = lazy(async () => ({ default: (await import('@/features/bulk/bulk-bar')).BulkBar }));
const FilterChips = lazy(async () => ({ default: (await import('@/features/search/filter-chips')).FilterChips }));
const ShortcutsDialog = lazy(async () => ({ default: (await import('@/features/shortcuts/shortcuts-dialog')).ShortcutsDialog }));
const ViewEditor = lazy(async () => ({ default: (await import('@/features/view-editor/view-editor')).ViewEditor }));
const HeldList = lazy(async () => ({ default: (await import('@/app/held-panes')).HeldList }));
const Tour = lazy(async () => ({ default: (await import('@/features/tour/tour')).Tour }));
const HeldMail = lazy(async () => ({ default: (await import('@/app/held-panes')).HeldMail }));
const NoHeldMail = lazy(async () => ({ default: (await import('@/app/held-panes')).NoHeldMail }));

function useViewName(view: ViewId): string {
  const t = useT();
  const { data: groups } = useGroups();
  const viewName = useViewTitle();
  const { data: views } = useViews();
  const group = groupOf(view);
  const names = useNames();
  const desk = deskViewOf(view);
  const agent = agentOf(view);
  if (agent !== null) return names.agent(agent) ?? '';
  if (desk !== null) return viewName(views?.find((one) => one.id === desk));
  if (group !== null) return groups?.find((item) => item.id === group)?.name ?? '';
  if (view.startsWith('requester-')) return t('view.requester');
  return t(`view.${FIXED_VIEWS.find((fixed): fixed is FixedView => fixed === view) ?? 'mine'}`);
}

/** The desk with its tickets; `held`: with the mail that was held back; `editing`: with the form of a view. */
export function DeskPage({ held = false, editing = false }: { held?: boolean; editing?: boolean }) {
  const t = useT();
  const navigate = useNavigate();
  const { id = null, view: viewInPath } = useParams();
  const [query] = useSearchParams();
  const view = viewOf(viewInPath ?? query.get('view'));
  const search = query.get('q') ?? '';
  const name = useViewName(view);

  const phone = useMedia('(max-width: 699px)');
  const split = useMedia('(min-width: 900px)');
  const roomy = useMedia('(min-width: 1200px)');
  const [railWanted, setRailWanted] = useState(() => readFlag('desk.rail', false));
  const [drawer, setDrawer] = useState(false);
  const [help, setHelp] = useState(false);
  const [chosen, setChosen] = useState<{ of: string; tickets: Selection; listed: Listed | null }>({ of: '', tickets: NOTHING, listed: null });
  const list = usePaneWidth('list', 400, 320, 560);
  const rail = !roomy || railWanted;
  // What was selected in one list means nothing in another.
  const place = `${view}?${search}`;
  const selection = chosen.of === place ? chosen.tickets : NOTHING;
  const select = (tickets: Selection, listed: Listed | null = null): void => setChosen({ of: place, tickets, listed });
  // All that is loaded is selected, and there is more: the rest can be meant too.
  const whole = chosen.listed?.more === true && search === '' && selection.size >= chosen.listed.loaded ? { target: wholeOf(filterOf(view, ''), [...selection]), count: chosen.listed.count } : null;
  const deskView = useViews().data?.find((one) => one.id === deskViewOf(view));
  const edited = viewInPath === 'new' ? null : deskViewOf(view);
  const tour = useTour();

  const heading = held ? t('held.title') : search === '' ? name : t('search.title', { search });
  useTitle(id === null ? heading : undefined);

  useEffect(() => {
    void ticketPane();
    // What keys open should be there when they are pressed.
    const soon = setTimeout(() => void Promise.all([import('@/app/dialogs'), import('@/features/bulk/bulk-bar'), import('@/features/notifications/notifications'), import('@/features/preferences/preferences-menu')]).catch(() => undefined), 2_000);
    return () => clearTimeout(soon);
  }, []);
  useChangeFeed();

  const back = (): void => {
    if (editing) void navigate(viewPath(view));
    else if (held) void navigate(id === null ? viewPath(view) : heldPath());
    else if (id !== null) void navigate(viewPath(view, search));
    else if (search !== '') void navigate(viewPath(view));
  };
  const toggleRail = (): void => {
    setRailWanted(!railWanted);
    writeJson('desk.rail', !railWanted);
  };
  useHotkeys([
    { keys: '?', run: () => setHelp(true), label: t('keys.title'), icon: <IconKeyboard size={16} stroke={1.7} /> },
    { keys: 'Escape', run: back },
    { keys: '[', run: toggleRail, label: t('view.fold'), icon: <IconSidebarLeft size={16} stroke={1.7} /> },
    { keys: 'Mod+z', run: undoLatest },
    { run: () => void navigate(SETTINGS_PATH), label: t('me.settings'), words: t('notification.bell'), icon: <IconBell size={16} stroke={1.7} /> },
    { run: tour.again, label: t('app.tour'), icon: <IconEye size={16} stroke={1.7} /> },
    { run: () => setHabit('dense', !habit('dense')), label: t('me.habit.dense'), icon: <IconList size={16} stroke={1.7} /> },
  ]);

  const views = (
    <ViewsPane
      current={held ? 'held' : search === '' ? view : null}
      onGo={(next) => void navigate(viewPath(next))}
      onHeld={() => void navigate(heldPath())}
      onPalette={openPalette}
      footer={<Preferences onShortcuts={() => setHelp(true)} />}
    />
  );
  const paneWanted = id !== null || editing;
  const listShown = split || !paneWanted;
  const ticketShown = split || paneWanted;
  // Alone on the screen the list is the page's main thing.
  const ListPane = ticketShown ? 'section' : 'main';

  return (
    <div className="desk">
      <Offline />
      <div className="desk__panes">
        {!phone && <div className={rail ? 'desk__views desk__views--rail' : 'desk__views'}>{views}</div>}
        {listShown && (
          <ListPane className="desk__list" aria-label={heading} style={split ? { width: list.width } : undefined}>
            <header className="desk__head">
              {roomy ? (
                <button type="button" className="icon-button" aria-label={t('view.fold')} title={t('view.fold')} aria-pressed={railWanted} onClick={toggleRail}>
                  <IconSidebarLeft size={18} stroke={1.6} />
                </button>
              ) : (
                // Also beside the rail: a finger cannot ask its signs what they are called.
                <button type="button" className="icon-button" aria-label={t('view.show')} title={t('view.show')} onClick={() => setDrawer(true)}>
                  <IconMenu size={20} stroke={1.6} />
                </button>
              )}
              <h1 className="desk__title">{heading}</h1>
              {deskView && !held && search === '' && (
                <Link className="icon-button" to={editPath(deskView.id)} aria-label={t(deskView.editable ? 'view.change' : 'view.copy')} title={t(deskView.editable ? 'view.change' : 'view.copy')}>
                  <IconAdjustments size={18} stroke={1.6} />
                </Link>
              )}
              <Bell />
            </header>
            {held ? (
              <Suspense>
                <HeldList openId={id} onOpen={(next) => void navigate(heldPath(next), { replace: id !== null })} />
              </Suspense>
            ) : (
              <>
                <div className="desk__search">
                  {selection.size > 0 ? (
                    <Suspense fallback={<div className="desk__bulk" />}>
                      <BulkBar tickets={[...selection]} whole={whole} onClear={() => select(NOTHING)} />
                    </Suspense>
                  ) : (
                  <SearchField
                    value={search}
                    onSearch={(text) => {
                      if (text !== search) void navigate(viewPath(view, text), { replace: search !== '' });
                    }}
                  />
                  )}
                </div>
                {search !== '' && (
                  <Suspense fallback={<div className="desk__chips" />}>
                    <FilterChips search={search} onSearch={(text) => void navigate(viewPath(view, text), { replace: true })} />
                  </Suspense>
                )}
                {!split && search === '' && tour.wanted && (
                  <Suspense>
                    <Tour onDone={tour.done} />
                  </Suspense>
                )}
                <TicketList
                  // A search that goes on is the same list: what was found stays until something better has come.
                  key={search === '' ? view : 'search'}
                  view={view}
                  search={search}
                  openId={id}
                  selection={selection}
                  onSelection={select}
                  onOpen={(next) => void navigate(ticketPath(next, view, search), { replace: id !== null })}
                  onClearSearch={() => void navigate(viewPath(view))}
                />
              </>
            )}
            {split && <Splitter label={t('list.resize')} {...list.splitter} />}
          </ListPane>
        )}
        {ticketShown && (
          <main className="desk__ticket">
            {editing ? (
              <Suspense fallback={<div aria-busy="true" />}>
                <ViewEditor key={edited ?? 'new'} id={edited} onDone={(saved) => void navigate(viewPath(saved === null ? (edited === null || deskView?.editable === true ? DEFAULT_VIEW : view) : `v-${saved}`))} />
              </Suspense>
            ) : held ? (
              <Suspense>{id === null ? <NoHeldMail /> : <HeldMail key={id} id={id} alone={!split} onBack={back} />}</Suspense>
            ) : id === null ? (
              <NothingOpen tour={tour} />
            ) : (
              <Suspense fallback={<div className="ticket" aria-busy="true" />}>
                <TicketPane key={id} id={id} view={view} search={search} alone={!split} onBack={back} />
              </Suspense>
            )}
          </main>
        )}
      </div>
      {!roomy && drawer && (
        <Drawer onClose={() => setDrawer(false)} label={t('view.label')}>
          {views}
        </Drawer>
      )}
      {/* Not fetched when it is wanted: who types on after the key means the palette. */}
      <CommandPalette onTicket={(next) => void navigate(ticketPath(next, view))} onSearch={(words) => void navigate(viewPath(view, words))} />
      {help && (
        <Suspense>
          <ShortcutsDialog onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </div>
  );
}

function NothingOpen({ tour }: { tour: TourState }) {
  const t = useT();
  if (tour.wanted) {
    return (
      <Suspense>
        <Tour onDone={tour.done} />
      </Suspense>
    );
  }
  return (
    <EmptyState
      icon={<IconInbox size={22} stroke={1.6} />}
      title={t('ticket.noneTitle')}
      text={t('ticket.noneText')}
      action={
        <span className="desk__tip">
          <Key name="j" /> <Key name="k" /> <Key name="Enter" /> <Key name="?" />
        </span>
      }
    />
  );
}

function Offline() {
  const t = useT();
  const online = useOnline();
  return online ? null : (
    <p className="desk__offline" role="status">
      {t('app.offline')}
    </p>
  );
}

/** The views where there is no room for their names: over the list, gone after one choice. */
function Drawer({ children, label, onClose }: { children: ReactNode; label: string; onClose: () => void }) {
  return (
    <Dialog title={label} kind="side" onClose={onClose}>
      {/* Choosing a view closes the drawer; the links themselves are what keyboards and readers use. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events */}
      <div
        className="drawer"
        onClick={(event) => {
          if (event.target instanceof Element && event.target.closest('a')) onClose();
        }}
      >
        {children}
      </div>
    </Dialog>
  );
}
