// The three panes: views, list, ticket. Which of them are on the screen depends on its width; where one is stands in the address.
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { TicketPane } from '@/app/ticket-pane';
import { Dialog } from '@/components/dialog';
import { EmptyState } from '@/components/empty-state';
import { IconInbox, IconMenu, IconSidebarLeft } from '@/components/icons';
import { Key } from '@/components/key';
import { Splitter, usePaneWidth } from '@/components/splitter';
import { SearchField } from '@/features/list/search-field';
import { TicketList } from '@/features/list/ticket-list';
import { Bell } from '@/features/notifications/bell';
import { PreferencesMenu } from '@/features/preferences/preferences-menu';
import { ShortcutsDialog } from '@/features/shortcuts/shortcuts-dialog';
import { ViewsPane } from '@/features/views/views-pane';
import { useDesk } from '@/lib/data/context';
import { useGroups } from '@/lib/data/directory';
import { useT } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { useMedia, useOnline } from '@/lib/media';
import { readFlag, writeJson } from '@/lib/storage';
import { FIXED_VIEWS, groupOf, heldPath, ticketPath, viewOf, viewPath, type FixedView, type ViewId } from '@/lib/tickets/views';
import '@/app/desk-page.css';

const HeldList = lazy(async () => ({ default: (await import('@/app/held-panes')).HeldList }));
const HeldMail = lazy(async () => ({ default: (await import('@/app/held-panes')).HeldMail }));
const NoHeldMail = lazy(async () => ({ default: (await import('@/app/held-panes')).NoHeldMail }));

function useViewName(view: ViewId): string {
  const t = useT();
  const { data: groups } = useGroups();
  const group = groupOf(view);
  if (group !== null) return groups?.find((item) => item.id === group)?.name ?? '';
  if (view.startsWith('requester-')) return t('view.requester');
  return t(`view.${FIXED_VIEWS.find((fixed): fixed is FixedView => fixed === view) ?? 'mine'}`);
}

/** The desk with its tickets, or, `held`, with the mail that was held back. */
export function DeskPage({ held = false }: { held?: boolean }) {
  const t = useT();
  const navigate = useNavigate();
  const { config } = useDesk();
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
  const list = usePaneWidth('list', 400, 320, 560);
  const rail = !roomy || railWanted;

  const heading = held ? t('held.title') : search === '' ? name : t('search.title', { search });
  useEffect(() => {
    if (id === null) document.title = `${heading} · ${config.brand}`;
  }, [id, heading, config.brand]);

  const back = (): void => {
    if (held) void navigate(id === null ? viewPath(view) : heldPath());
    else if (id !== null) void navigate(viewPath(view, search));
    else if (search !== '') void navigate(viewPath(view));
  };
  const toggleRail = (): void => {
    setRailWanted(!railWanted);
    writeJson('desk.rail', !railWanted);
  };
  useHotkeys([
    { keys: '?', run: () => setHelp(true) },
    { keys: 'Escape', run: back },
    { keys: '[', run: toggleRail },
  ]);

  const views = (
    <ViewsPane
      current={held ? 'held' : search === '' ? view : null}
      onGo={(next) => void navigate(viewPath(next))}
      onHeld={() => void navigate(heldPath())}
      footer={<PreferencesMenu onShortcuts={() => setHelp(true)} />}
    />
  );
  const listShown = split || id === null;
  const ticketShown = split || id !== null;
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
              {phone ? (
                <button type="button" className="icon-button" aria-label={t('view.show')} onClick={() => setDrawer(true)}>
                  <IconMenu size={20} stroke={1.6} />
                </button>
              ) : (
                roomy && (
                  <button type="button" className="icon-button" aria-label={t('view.fold')} title={t('view.fold')} aria-pressed={railWanted} onClick={toggleRail}>
                    <IconSidebarLeft size={18} stroke={1.6} />
                  </button>
                )
              )}
              <h1 className="desk__title">{heading}</h1>
              <Bell />
            </header>
            {held ? (
              <Suspense>
                <HeldList openId={id} onOpen={(next) => void navigate(heldPath(next), { replace: id !== null })} />
              </Suspense>
            ) : (
              <>
                <div className="desk__search">
                  <SearchField
                    value={search}
                    onSearch={(text) => {
                      if (text !== search) void navigate(viewPath(view, text), { replace: search !== '' });
                    }}
                  />
                </div>
                <TicketList
                  key={`${view}?${search}`}
                  view={view}
                  search={search}
                  openId={id}
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
            {held ? (
              <Suspense>{id === null ? <NoHeldMail /> : <HeldMail key={id} id={id} alone={!split} onBack={back} />}</Suspense>
            ) : id === null ? (
              <NothingOpen />
            ) : (
              <TicketPane key={id} id={id} view={view} search={search} alone={!split} onBack={back} />
            )}
          </main>
        )}
      </div>
      {phone && drawer && (
        <Drawer onClose={() => setDrawer(false)} label={t('view.label')}>
          {views}
        </Drawer>
      )}
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
    </div>
  );
}

function NothingOpen() {
  const t = useT();
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

/** The views on a phone: over the list, gone after one choice. */
function Drawer({ children, label, onClose }: { children: ReactNode; label: string; onClose: () => void }) {
  return (
    <Dialog title={label} kind="side" onClose={onClose}>
      {/* Choosing a view closes the drawer; the links themselves are what keyboards and readers use. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events */}
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
