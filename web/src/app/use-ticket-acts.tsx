// What can be done with a whole ticket from here, each by its key and in the palette, told with a way back.
import { useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import type { HeadActs } from '@/app/ticket-head';
import { Avatar } from '@/components/avatar';
import { IconCheck, IconFollow, IconGroup, IconLink, IconMerge, IconSidebarRight, IconSnooze, IconSolved, IconTag, IconUser } from '@/components/icons';
import { PriorityMark, StatusMark } from '@/components/marks';
import type { Panel } from '@/app/use-panel';
import type { Picker } from '@/features/properties/properties-panel';
import { useChange } from '@/lib/data/use-change';
import { useRefused } from '@/features/properties/use-refused';
import { PRIORITIES, type Me, type Status, type Ticket, type TicketRow } from '@/lib/api/types';
import { follow, link, merge, snooze, split, unlink, unmerge, unsplit, useAct, wake } from '@/lib/data/acts';
import { useAgents, useGroups } from '@/lib/data/directory';
import { useNeighbours } from '@/lib/data/tickets';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { useHotkeys, type Hotkey } from '@/lib/keys/hotkeys';
import { moment } from '@/lib/time/format';
import { filterOf, ticketPath, type ViewId } from '@/lib/tickets/views';
import { toast, undoing } from '@/lib/toasts';

type Asking = 'snooze' | 'merge' | 'link' | null;

interface Place {
  id: string;
  ticket: Ticket | undefined;
  me: Me | undefined;
  view: ViewId;
  search: string;
  panel: Panel;
  onBack: () => void;
}

interface TicketActs {
  head: HeadActs;
  asking: Asking;
  ask: (what: Asking) => void;
  picker: Picker | null;
  setPicker: (picker: Picker | null) => void;
  snoozeUntil: (until: string | null) => void;
  wakeUp: () => void;
  mergeInto: (other: TicketRow) => void;
  undoMerge: () => void;
  linkTo: (other: TicketRow) => void;
  splitOff: (message: string) => void;
  /** Opens what stands next in the list, or goes back to it. */
  goOn: () => void;
}

const SETTABLE = ['open', 'pending', 'on_hold', 'solved'] as const satisfies readonly Status[];

export function useTicketActs({ id, ticket, me, view, search, panel, onBack }: Place): TicketActs {
  const t = useT();
  const language = useLanguage();
  const navigate = useNavigate();
  const [asking, ask] = useState<Asking>(null);
  const [picker, setPicker] = useState<Picker | null>(null);
  const change = useChange(id);
  const act = useAct(id, useRefused());
  const neighbours = useNeighbours(filterOf(view, ''));
  const { data: agents = [] } = useAgents();
  const { data: groups = [] } = useGroups();
  const number = ticket?.number ?? 0;
  const following = me !== undefined && ticket?.followers.includes(me.id) === true;

  const go = (other: string): void => void navigate(ticketPath(other, view, search), { replace: true });
  const goOn = (): void => {
    const { next, previous } = neighbours(id);
    const other = next ?? previous;
    if (other === null) onBack();
    else go(other);
  };
  const open = (name: Picker): void => {
    panel.set(true);
    setPicker(name);
  };
  const undoable = (text: string, undo: () => void): void => void toast(text, undoing(t('common.undo'), undo));

  const snoozeUntil = (until: string | null): void => {
    ask(null);
    const text = until === null ? t('snooze.doneAnswer', { number }) : t('snooze.done', { number, at: moment(until, language) });
    goOn();
    act({ ...snooze(id, until), done: () => undoable(text, () => act(wake(id))) });
  };
  const mergeInto = (other: TicketRow): void => {
    ask(null);
    act({
      ...merge(id, other.id),
      done: () => {
        go(other.id);
        undoable(t('merge.done', { number, into: other.number }), () => act({ ...unmerge(id), done: () => go(id) }));
      },
    });
  };
  const linkTo = (other: TicketRow): void => {
    ask(null);
    act({ ...link(id, 'relates_to', other.id), done: () => undoable(t('link.done', { number: other.number }), () => act(unlink(id, 'relates_to', other.id))) });
  };
  const splitOff = (message: string): void => {
    act({
      ...split(id, [message]),
      done: (part) => {
        if (part) undoable(t('split.done', { number: part.number }), () => act({ ...unsplit(part.id), done: () => go(id) }));
        if (part) go(part.id);
      },
    });
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(`${location.origin}/tickets/${id}`);
    toast(t('ticket.linkCopied', { number }));
  };
  const head: HeadActs = {
    back: onBack,
    solve: () => change({ status: ticket?.status === 'solved' ? 'open' : 'solved' }),
    snooze: () => ask('snooze'),
    merge: () => ask('merge'),
    link: () => ask('link'),
    follow: () => me && act(follow(id, me.id, !following)),
    copy: () => void copy(),
  };

  const icon = (Icon: typeof IconUser): ReactNode => <Icon size={16} stroke={1.7} />;
  const named: Hotkey[] = [
    { keys: 'a', run: () => open('assignee'), label: t('keys.assign'), icon: icon(IconUser) },
    { keys: 'm', run: () => me && ticket?.assignee !== me.id && change({ assignee: me.id }), label: t('keys.assignMe'), icon: icon(IconUser) },
    { keys: 's', run: () => open('status'), label: t('keys.status'), icon: <StatusMark status="open" /> },
    { keys: 'p', run: () => open('priority'), label: t('keys.priority'), icon: <PriorityMark priority="normal" bare /> },
    { keys: 't', run: () => open('tags'), label: t('keys.tag'), icon: icon(IconTag) },
    { keys: 'z', run: head.snooze, label: t('snooze.title'), icon: icon(IconSnooze) },
    { keys: 'M', run: head.merge, label: t('merge.title'), icon: icon(IconMerge) },
    { keys: 'l', run: head.link, label: t('link.title'), icon: icon(IconLink) },
    { keys: 'f', run: head.follow, label: t(following ? 'follow.stop' : 'follow.begin'), icon: icon(IconFollow) },
    { keys: ']', run: () => panel.set(!panel.shown), label: t('keys.panel'), icon: icon(IconSidebarRight) },
    { run: head.copy, label: t('ticket.copyLink'), icon: icon(IconLink) },
    { run: head.solve, label: t(ticket?.status === 'solved' ? 'ticket.reopen' : 'ticket.solve'), icon: icon(IconSolved) },
    ...(ticket?.snoozed === true ? [{ run: () => act(wake(id)), label: t('snooze.wake'), icon: icon(IconSnooze) }] : []),
  ];
  // Listed once somebody types: what a picker would offer, without the picker.
  const deep: Hotkey[] = [
    ...SETTABLE.map((status) => ({ label: t('change.status', { status: t(`status.${status}`) }), icon: <StatusMark status={status} />, run: () => change({ status }) })),
    ...PRIORITIES.map((priority) => ({ label: t('change.priority', { priority: t(`priority.${priority}`) }), icon: <PriorityMark priority={priority} bare />, run: () => change({ priority }) })),
    ...agents.map((agent) => ({ label: t('palette.assign', { name: agent.name }), icon: <Avatar name={agent.name} seed={agent.id} size={20} />, run: () => change({ assignee: agent.id }) })),
    ...groups.map((group) => ({ label: t('palette.move', { name: group.name }), icon: icon(IconGroup), run: () => change({ group: group.id }) })),
    { label: t('change.unassigned'), icon: icon(IconCheck), run: () => change({ assignee: null }) },
  ];
  const escape: Hotkey = {
    keys: 'Escape',
    run: () => {
      if (panel.over && panel.shown) panel.set(false);
      else onBack();
    },
  };
  const closed = ticket === undefined || ticket.status === 'closed';
  useHotkeys(closed ? [escape] : [escape, ...named, ...deep.map((command) => ({ ...command, deep: true }))]);

  return {
    head,
    asking,
    ask,
    picker,
    setPicker,
    snoozeUntil,
    wakeUp: () => act(wake(id)),
    mergeInto,
    undoMerge: () => act({ ...unmerge(id), done: () => toast(t('merge.undone', { number })) }),
    linkTo,
    splitOff,
    goOn,
  };
}
