// What stands above a conversation: what it is about, who else is here, and what can be done with the whole of it.
import { Button, Menu } from '@mantine/core';
import { IconAdjustments, IconBack, IconDots, IconFollow, IconLink, IconMerge, IconSidebarRight, IconSnooze, IconSolved } from '@/components/icons';
import { RelativeTime } from '@/components/relative-time';
import { StatusMark } from '@/components/marks';
import { Here } from '@/features/presence/present';
import type { Ticket } from '@/lib/api/types';
import { useStatusName } from '@/lib/data/catalogue';
import { useNames } from '@/lib/data/directory';
import { useT } from '@/lib/i18n/use-t';
import type { Panel } from '@/app/use-panel';
import { writtenIn } from '@/lib/text';

export interface HeadActs {
  back: () => void;
  solve: () => void;
  snooze: () => void;
  merge: () => void;
  link: () => void;
  follow: () => void;
  copy: () => void;
}

interface TicketHeadProps {
  ticket: Ticket;
  alone: boolean;
  panel: Panel;
  following: boolean;
  acts: HeadActs;
}

export function TicketHead({ ticket, alone, panel, following, acts }: TicketHeadProps) {
  const t = useT();
  const names = useNames();
  const statusName = useStatusName();
  const { channel, status } = ticket;
  return (
    <header className="head">
      {alone && (
        <button type="button" className="icon-button" aria-label={t('ticket.back')} onClick={acts.back}>
          <IconBack size={20} stroke={1.6} />
        </button>
      )}
      <div className="head__text">
        <h2 className="head__subject" dir="auto" lang={writtenIn(ticket.subject)} title={ticket.subject}>
          {ticket.subject}
        </h2>
        <p className="head__facts">
          <span className="head__status">
            <StatusMark status={status} /> {statusName(ticket)}
          </span>
          <button type="button" className="head__number" title={t('ticket.copyLink')} onClick={acts.copy}>
            #{ticket.number} <IconLink size={13} aria-label={t('ticket.copyLink')} />
          </button>
          <span className="head__channel">{t(`message.via.${channel}`)}</span>
          {names.group(ticket.group) !== null && <span className="head__group">{names.group(ticket.group)}</span>}
          <RelativeTime at={ticket.created_at} />
        </p>
      </div>
      <Here ticket={ticket.id} />
      {status !== 'closed' && (
        <Button
          variant="default"
          className="head__solve"
          leftSection={status === 'solved' ? undefined : <IconSolved size={16} stroke={1.7} />}
          onClick={acts.solve}
          aria-label={t(status === 'solved' ? 'ticket.reopen' : 'ticket.solve')}
        >
          <span className="head__solve-text">{t(status === 'solved' ? 'ticket.reopen' : 'ticket.solve')}</span>
        </Button>
      )}
      <Menu position="bottom-end" width={248} withinPortal>
        <Menu.Target>
          <button type="button" className="icon-button" aria-label={t('ticket.more')} title={t('ticket.more')}>
            <IconDots size={18} stroke={1.6} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {status !== 'closed' && (
            <>
              <Menu.Item leftSection={<IconSnooze size={16} stroke={1.6} />} rightSection={<span className="menu-keys">Z</span>} onClick={acts.snooze}>
                {t('snooze.title')}
              </Menu.Item>
              <Menu.Item leftSection={<IconMerge size={16} stroke={1.6} />} rightSection={<span className="menu-keys">⇧ M</span>} onClick={acts.merge}>
                {t('merge.title')}
              </Menu.Item>
            </>
          )}
          <Menu.Item leftSection={<IconLink size={16} stroke={1.6} />} rightSection={<span className="menu-keys">L</span>} onClick={acts.link}>
            {t('link.title')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFollow size={16} stroke={1.6} />} rightSection={<span className="menu-keys">F</span>} onClick={acts.follow}>
            {t(following ? 'follow.stop' : 'follow.begin')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLink size={16} stroke={1.6} />} onClick={acts.copy}>
            {t('ticket.copyLink')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <button type="button" className="icon-button" aria-label={t('ticket.panel')} title={`${t('ticket.panel')} ( ] )`} aria-pressed={panel.shown} onClick={() => panel.set(!panel.shown)}>
        {panel.over ? <IconAdjustments size={18} stroke={1.6} /> : <IconSidebarRight size={18} stroke={1.6} />}
      </button>
    </header>
  );
}
