// The views on the left: what needs me, what needs someone, each group, everything.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { BrandMark } from '@/components/brand-mark';
import { IconHeld, IconHistory, IconInbox, IconList, IconSearch, IconSnooze, IconSolved, IconUnassigned } from '@/components/icons';
import { MOD } from '@/components/key';
import { useAgents, useGroups, useMe } from '@/lib/data/directory';
import { useDesk } from '@/lib/data/context';
import { useHeldCount } from '@/lib/data/held';
import { useT } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { firstSign } from '@/lib/text';
import { FIXED_VIEWS, heldPath, viewPath, type FixedView, type ViewId } from '@/lib/tickets/views';
import './views-pane.css';

const ICONS: Record<FixedView, ReactNode> = {
  mine: <IconInbox size={18} stroke={1.6} />,
  unassigned: <IconUnassigned size={18} stroke={1.6} />,
  open: <IconList size={18} stroke={1.6} />,
  snoozed: <IconSnooze size={18} stroke={1.6} />,
  recent: <IconHistory size={18} stroke={1.6} />,
  solved: <IconSolved size={18} stroke={1.6} />,
};
const KEYS: Partial<Record<FixedView, string>> = { mine: 'g m', unassigned: 'g u', open: 'g i', snoozed: 'g z', recent: 'g r', solved: 'g s' };

interface ItemProps {
  to: string;
  icon: ReactNode;
  name: string;
  current: boolean;
  count?: number | string | null | undefined;
}

function Item({ to, icon, name, current, count }: ItemProps) {
  return (
    <li>
      <Link className="view" to={to} title={name} aria-current={current ? 'page' : undefined}>
        <span className="view__icon" aria-hidden="true">
          {icon}
        </span>
        <span className="view__name">{name}</span>
        {Boolean(count) && <span className="view__count">{count}</span>}
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
  const { config } = useDesk();
  const { data: me } = useMe();
  const { data: agents } = useAgents();
  const { data: groups } = useGroups();
  const mine = agents?.find((agent) => agent.id === me?.id)?.open_tickets;
  const held = useHeldCount();
  useHotkeys([
    ...FIXED_VIEWS.map((view) => ({ ...(KEYS[view] === undefined ? {} : { keys: KEYS[view] }), run: () => onGo(view), label: t('palette.go', { name: t(`view.${view}`) }), icon: ICONS[view] })),
    ...(groups ?? []).map((group) => ({ run: () => onGo(`group-${group.id}`), label: t('palette.go', { name: group.name }), icon: <span className="view__letter">{firstSign(group.name)}</span>, deep: true })),
    { keys: 'g h', run: onHeld, label: t('palette.go', { name: t('held.title') }), icon: <IconHeld size={18} stroke={1.6} /> },
  ]);
  const fixed = (view: FixedView) => (
    <Item key={view} to={viewPath(view)} icon={ICONS[view]} name={t(`view.${view}`)} current={current === view} count={view === 'mine' ? mine : undefined} />
  );
  return (
    <nav className="views" aria-label={t('view.label')}>
      <div className="views__brand">
        <BrandMark size={24} />
        <span className="views__brand-name">{config.brand}</span>
      </div>
      <button type="button" className="views__palette" aria-label={t('palette.title')} title={t('palette.title')} aria-keyshortcuts="Control+K" onClick={onPalette}>
        <IconSearch size={16} stroke={1.7} aria-hidden="true" />
        <span className="views__palette-name">{t('palette.short')}</span>
        <span className="views__palette-keys" aria-hidden="true">
          {MOD} K
        </span>
      </button>
      <div className="views__scroll">
        <ul className="views__list">{(['mine', 'unassigned', 'snoozed'] as const).map(fixed)}</ul>
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
        <ul className="views__list">{(['open', 'recent', 'solved'] as const).map(fixed)}</ul>
        <ul className="views__list">
          <Item to={heldPath()} icon={<IconHeld size={18} stroke={1.6} />} name={t('held.title')} current={current === 'held'} count={held} />
        </ul>
      </div>
      <div className="views__footer">{footer}</div>
    </nav>
  );
}
