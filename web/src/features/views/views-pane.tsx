// The views on the left: what needs me, what needs someone, each group, everything.
import { lazy, Suspense, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { BrandMark } from '@/components/brand-mark';
import { IconAlert, IconBook, IconChart, IconClock, IconHeld, IconHistory, IconInbox, IconList, IconPlus, IconReply, IconSearch, IconSnooze, IconSolved, IconUnassigned } from '@/components/icons';
import { MOD } from '@/components/key';
import { useAgents, useGroups, useMe } from '@/lib/data/directory';
import { useDeskName } from '@/lib/data/desk-name';
import { useHeldCount } from '@/lib/data/held';
import { makesPromises } from '@/lib/data/sla';
import { useCounts, useViews, useViewTitle } from '@/lib/data/views';
import { useT } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { firstSign } from '@/lib/text';
import { editPath, FIXED_VIEWS, heldPath, KNOWLEDGE_PATH, TEAM_PATH, viewPath, type FixedView, type ViewId } from '@/lib/tickets/views';
import './views-pane.css';

const Nudge = lazy(async () => ({ default: (await import('@/features/satisfaction/nudge')).Nudge }));

const ICONS: Record<FixedView, ReactNode> = {
  mine: <IconInbox size={18} stroke={1.6} />,
  unassigned: <IconUnassigned size={18} stroke={1.6} />,
  open: <IconList size={18} stroke={1.6} />,
  snoozed: <IconSnooze size={18} stroke={1.6} />,
  recent: <IconHistory size={18} stroke={1.6} />,
  solved: <IconSolved size={18} stroke={1.6} />,
};
const KEYS: Partial<Record<FixedView, string>> = { mine: 'g m', unassigned: 'g u', open: 'g i', snoozed: 'g z', recent: 'g r', solved: 'g s' };

/** Which of the desk's views counts what a fixed one lists. */
const COUNTED: Partial<Record<FixedView, string>> = { mine: 'my-open', snoozed: 'snoozed', open: 'all-open' };
const COUNTED_IDS: Readonly<Record<string, true>> = { 'my-open': true, snoozed: true, 'all-open': true };
const FIRST = ['unassigned-in-my-groups', 'breaching-soon', 'waiting-for-us'] as const;
const LATER = ['waiting-for-requester'] as const;
/** The column is narrow: what every desk has is called shortly here. */
const SHORT: Readonly<Record<string, 'view.myGroups' | 'view.breaching' | 'view.waitingForUs' | 'view.waitingForThem'>> = {
  'unassigned-in-my-groups': 'view.myGroups',
  'breaching-soon': 'view.breaching',
  'waiting-for-us': 'view.waitingForUs',
  'waiting-for-requester': 'view.waitingForThem',
};
const VIEW_ICONS: Readonly<Record<string, ReactNode>> = {
  'unassigned-in-my-groups': <IconUnassigned size={18} stroke={1.6} />,
  'breaching-soon': <IconAlert size={18} stroke={1.6} />,
  'waiting-for-us': <IconReply size={18} stroke={1.6} />,
  'waiting-for-requester': <IconClock size={18} stroke={1.6} />,
};

interface ItemProps {
  to: string;
  icon: ReactNode;
  name: string;
  current: boolean;
  count?: number | string | null | undefined;
  /** What it counts should not be there: said by colour beside its sign. */
  urgent?: boolean;
}

function Item({ to, icon, name, current, count, urgent = false }: ItemProps) {
  return (
    <li>
      <Link className="view" to={to} title={name} aria-current={current ? 'page' : undefined}>
        <span className="view__icon" aria-hidden="true">
          {icon}
        </span>
        <span className="view__name">{name}</span>
        {Boolean(count) && <span className={urgent ? 'view__count view__count--urgent' : 'view__count'}>{count}</span>}
      </Link>
    </li>
  );
}

interface ViewsPaneProps {
  /** Null: what is on the screen is none of the views. */
  current: ViewId | 'held' | null;
  onGo: (view: ViewId) => void;
  onHeld: () => void;
  onPalette: () => void;
  footer: ReactNode;
}

export function ViewsPane({ current, onGo, onHeld, onPalette, footer }: ViewsPaneProps) {
  const t = useT();
  const navigate = useNavigate();
  const desk = useDeskName();
  const { data: me } = useMe();
  const { data: agents } = useAgents();
  const { data: groups } = useGroups();
  const viewName = useViewTitle();
  const { data: views = [] } = useViews();
  const counts = useCounts();
  const mine = counts?.get('my-open') ?? agents?.find((agent) => agent.id === me?.id)?.open_tickets;
  const held = useHeldCount();
  useHotkeys([
    ...FIXED_VIEWS.map((view) => ({ ...(KEYS[view] === undefined ? {} : { keys: KEYS[view] }), run: () => onGo(view), label: t('palette.go', { name: t(`view.${view}`) }), icon: ICONS[view] })),
    ...views.filter((view) => !(view.id in COUNTED_IDS)).map((view) => ({ run: () => onGo(`v-${view.id}`), label: t('palette.go', { name: viewName(view) }), icon: VIEW_ICONS[view.id] ?? <IconList size={18} stroke={1.6} />, deep: true })),
    ...(groups ?? []).map((group) => ({ run: () => onGo(`group-${group.id}`), label: t('palette.go', { name: group.name }), icon: <span className="view__letter">{firstSign(group.name)}</span>, deep: true })),
    { keys: 'g h', run: onHeld, label: t('palette.go', { name: t('held.title') }), icon: <IconHeld size={18} stroke={1.6} /> },
    { keys: 'g k', run: () => void navigate(KNOWLEDGE_PATH), label: t('palette.go', { name: t('view.knowledge') }), icon: <IconBook size={18} stroke={1.6} /> },
  ]);
  const fixed = (view: FixedView) => (
    <Item key={view} to={viewPath(view)} icon={ICONS[view]} name={t(`view.${view}`)} current={current === view} count={view === 'mine' ? mine : counts?.get(COUNTED[view] ?? '')} />
  );
  const nameOf = (id: string): string => {
    const view = views.find((one) => one.id === id);
    if (view === undefined) return '';
    return SHORT[id] === undefined ? viewName(view) : t(SHORT[id]);
  };
  const deskView = (id: string) => (
    <Item
      key={id}
      to={viewPath(`v-${id}`)}
      icon={VIEW_ICONS[id] ?? <span className="view__letter view__letter--own">{firstSign(nameOf(id))}</span>}
      name={nameOf(id)}
      current={current === `v-${id}`}
      count={counts?.get(id)}
      urgent={id === 'breaching-soon'}
    />
  );
  const there = (ids: readonly string[]): string[] => ids.filter((id) => views.some((view) => view.id === id));
  const own = views.filter((view) => !view.built_in);
  return (
    <nav className="views" aria-label={t('view.label')}>
      <div className="views__brand">
        <BrandMark size={24} />
        <span className="views__brand-name">{desk}</span>
      </div>
      <button type="button" className="views__palette" title={t('palette.title')} aria-keyshortcuts="Control+K" onClick={onPalette}>
        <IconSearch size={16} stroke={1.7} aria-hidden="true" />
        <span className="views__palette-name">{t('palette.short')}</span>
        <span className="views__palette-keys" aria-hidden="true">
          {MOD} K
        </span>
      </button>
      <div className="views__scroll">
        <ul className="views__list">
          {fixed('mine')}
          {there(FIRST).map(deskView)}
          {views.length === 0 && fixed('unassigned')}
          {fixed('snoozed')}
        </ul>
        {views.length > 0 && (
          <>
            <div className="views__heading views__heading--act">
              <h2 className="views__heading-name">{t('view.label')}</h2>
              <Link className="views__new" to={editPath(null)} aria-label={t('view.new')} title={t('view.new')}>
                <IconPlus size={16} stroke={1.7} />
              </Link>
            </div>
            <ul className="views__list">{own.map((view) => deskView(view.id))}</ul>
          </>
        )}
        {groups && groups.length > 0 && (
          <>
            <h2 className="views__heading">{t('view.groups')}</h2>
            <ul className="views__list">
              {groups.map((group) => (
                <Item
                  key={group.id}
                  to={viewPath(`group-${group.id}`)}
                  icon={<span className="view__letter">{firstSign(group.name)}</span>}
                  name={group.name}
                  current={current === `group-${group.id}`}
                />
              ))}
            </ul>
          </>
        )}
        <h2 className="views__heading">{t('view.everything')}</h2>
        <ul className="views__list">
          {fixed('open')}
          {views.length > 0 && fixed('unassigned')}
          {there(LATER).map(deskView)}
          {fixed('recent')}
          {fixed('solved')}
        </ul>
        <ul className="views__list">
          <Item to={heldPath()} icon={<IconHeld size={18} stroke={1.6} />} name={t('held.title')} current={current === 'held'} count={held} />
          <Item to={KNOWLEDGE_PATH} icon={<IconBook size={18} stroke={1.6} />} name={t('view.knowledge')} current={false} />
          {makesPromises(me) && <Item to={TEAM_PATH} icon={<IconChart size={18} stroke={1.6} />} name={t('team.title')} current={false} />}
        </ul>
        <Suspense>
          <Nudge />
        </Suspense>
      </div>
      <div className="views__footer">{footer}</div>
    </nav>
  );
}
