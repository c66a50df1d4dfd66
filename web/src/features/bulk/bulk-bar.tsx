// What can be done with the selected tickets. It stands where the search stands, so that no row moves.
import { Popover } from '@mantine/core';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Avatar } from '@/components/avatar';
import { IconClose, IconGroup, IconMacro, IconPriority, IconSnooze, IconSolved, IconTag, IconUser, IconUserOff } from '@/components/icons';
import { PriorityMark, StatusMark } from '@/components/marks';
import { OptionList, type Option } from '@/components/option-list';
import { useBulkActs } from './use-bulk-acts';
import { PRIORITIES, type BulkAction, type Priority, type Status } from '@/lib/api/types';
import type { BulkTarget } from '@/lib/data/bulk';
import { useAgents, useGroups, useMe } from '@/lib/data/directory';
import { useMacros } from '@/lib/data/quick';
import { useT } from '@/lib/i18n/use-t';
import { usePageRests } from '@/lib/media';
import { useHotkeys } from '@/lib/keys/hotkeys';
import './bulk-bar.css';

const TimeDialog = lazy(async () => ({ default: (await import('@/components/time-dialog')).TimeDialog }));

type Picker = 'assignee' | 'status' | 'priority' | 'group' | 'tags' | 'macro';
const STATUSES = ['open', 'pending', 'on_hold', 'solved'] as const satisfies readonly Status[];

interface BulkBarProps {
  tickets: readonly string[];
  /** Everything that the list holds, where it holds more than is selected: it can be meant as a whole. */
  whole: { target: BulkTarget; count: number | null } | null;
  onClear: () => void;
}

export function BulkBar({ tickets, whole, onClear }: BulkBarProps) {
  const t = useT();
  const { data: me } = useMe();
  const { data: agents = [] } = useAgents();
  const { data: groups = [] } = useGroups();
  const [picker, setPicker] = useState<Picker | null>(null);
  const [snoozing, setSnoozing] = useState(false);
  const { data: macros = [] } = useMacros(picker === 'macro');
  const act = useBulkActs();
  const [wanted, setWanted] = useState(false);
  const all = wanted ? whole : null;
  const count = all ? all.count : tickets.length;
  const selected = count === null ? t('bulk.wholeList') : all ? t('bulk.allSelected', { count }) : t('bulk.selected', { count });

  const run = (action: BulkAction): void => {
    setPicker(null);
    setSnoozing(false);
    act(action, all?.target ?? { tickets }, count);
    onClear();
  };
  useHotkeys([
    { keys: 'Escape', run: onClear },
    { keys: 'a', run: () => setPicker('assignee'), label: t('bulk.assign') },
    { keys: 'm', run: () => me && run({ change: { assignee: me.id } }), label: t('keys.assignMe') },
    { keys: 's', run: () => setPicker('status'), label: t('bulk.status') },
    { keys: 'p', run: () => setPicker('priority'), label: t('bulk.priority') },
    { keys: 't', run: () => setPicker('tags'), label: t('bulk.tags') },
    { keys: 'z', run: () => setSnoozing(true), label: t('snooze.title') },
  ]);

  const people: Option[] = [
    { value: null, label: t('property.nobody'), icon: <IconUserOff size={18} stroke={1.5} /> },
    ...agents.toSorted((one, other) => Number(other.id === me?.id) - Number(one.id === me?.id) || one.open_tickets - other.open_tickets).map((agent) => ({
      value: agent.id,
      label: agent.id === me?.id ? t('property.me', { name: agent.name }) : agent.name,
      icon: <Avatar name={agent.name} seed={agent.id} size={20} />,
      hint: agent.available ? t('property.load', { open: agent.open_tickets, capacity: agent.capacity }) : t('property.away'),
    })),
  ];
  const choice = (name: Picker, label: string, icon: ReactNode, key: string | undefined, options: readonly Option[], choose: (value: string | null) => BulkAction) => (
    <Pick name={label} icon={icon} hotkey={key} opened={picker === name} onOpenChange={(opened) => setPicker(opened ? name : null)}>
      <OptionList label={label} options={options} value="" onChoose={(value) => run(choose(value))} />
    </Pick>
  );

  return (
    <div className="bulk" role="toolbar" aria-label={selected}>
      <button type="button" className="icon-button bulk__clear" aria-label={t('bulk.clear')} title={t('bulk.clear')} onClick={onClear}>
        <IconClose size={16} />
      </button>
      <span className="bulk__count" role="status">
        {whole && !wanted ? <span title={selected}>{count}</span> : selected}
      </span>
      {whole && !wanted && (
        <button type="button" className="bulk__whole" onClick={() => setWanted(true)}>
          {whole.count === null ? t('bulk.selectList') : t('bulk.selectAll', { count: whole.count })}
        </button>
      )}
      <button type="button" className="icon-button" aria-label={t('bulk.solve')} title={t('bulk.solve')} onClick={() => run({ change: { status: 'solved' } })}>
        <IconSolved size={18} stroke={1.6} />
      </button>
      {choice('assignee', t('bulk.assign'), <IconUser size={18} stroke={1.6} />, 'a', people, (assignee) => ({ change: { assignee } }))}
      {choice('group', t('bulk.group'), <IconGroup size={18} stroke={1.6} />, undefined, groups.map((group) => ({ value: group.id, label: group.name })), (group) => ({ change: { group } }))}
      {choice(
        'status',
        t('bulk.status'),
        <StatusMark status="open" />,
        's',
        STATUSES.map((status) => ({ value: status, label: t(`status.${status}`), icon: <StatusMark status={status} /> })),
        (status) => ({ change: { status: status as Status } }),
      )}
      {choice(
        'priority',
        t('bulk.priority'),
        <IconPriority size={18} stroke={1.6} />,
        'p',
        PRIORITIES.map((priority) => ({ value: priority, label: t(`priority.${priority}`), icon: <PriorityMark priority={priority} bare /> })),
        (priority) => ({ change: { priority: priority as Priority } }),
      )}
      <Pick name={t('bulk.tags')} icon={<IconTag size={18} stroke={1.6} />} hotkey="t" opened={picker === 'tags'} onOpenChange={(opened) => setPicker(opened ? 'tags' : null)}>
        <TagsForm onDone={(added, removed) => run({ change: { ...(added.length > 0 ? { add_tags: added } : {}), ...(removed.length > 0 ? { remove_tags: removed } : {}) } })} />
      </Pick>
      {choice('macro', t('bulk.macro'), <IconMacro size={18} stroke={1.6} />, undefined, macros.map(({ id, title, folder }) => ({ value: id, label: title, hint: folder })), (id) => ({ macro_id: id ?? '' }))}
      <button type="button" className="icon-button" aria-label={t('snooze.title')} aria-keyshortcuts="z" title={`${t('snooze.title')} (Z)`} onClick={() => setSnoozing(true)}>
        <IconSnooze size={18} stroke={1.6} />
      </button>
      {snoozing && (
        <Suspense>
          <TimeDialog
            title={count === null ? t('snooze.title') : t('bulk.snooze', { count })}
            without={{ label: t('snooze.untilAnswer') }}
            confirm={t('snooze.confirm')}
            onChoose={(until) => run({ snooze: { until } })}
            onClose={() => setSnoozing(false)}
          />
        </Suspense>
      )}
    </div>
  );
}

interface PickProps {
  name: string;
  icon: ReactNode;
  hotkey: string | undefined;
  opened: boolean;
  onOpenChange: (opened: boolean) => void;
  children: ReactNode;
}

function Pick({ name, icon, hotkey, opened, onOpenChange, children }: PickProps) {
  usePageRests(opened);
  return (
    <Popover opened={opened} onChange={onOpenChange} position="bottom-start" offset={4} returnFocus trapFocus shadow="none" withinPortal>
      <Popover.Target>
        <button
          type="button"
          className="icon-button"
          aria-label={name}
          aria-keyshortcuts={hotkey}
          title={hotkey === undefined ? name : `${name} (${hotkey.toUpperCase()})`}
          onClick={() => onOpenChange(!opened)}
        >
          {icon}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>{children}</Popover.Dropdown>
    </Popover>
  );
}

const asTag = (word: string): string => word.toLocaleLowerCase();

/** Words are added, words with a minus in front are taken away. */
function TagsForm({ onDone }: { onDone: (added: string[], removed: string[]) => void }) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const words = typed.split(/[\s,]+/u).filter((word) => word !== '' && word !== '-');
  return (
    <form
      className="bulk__tags"
      onSubmit={(event) => {
        event.preventDefault();
        const removed = words.filter((word) => word.startsWith('-')).map((word) => asTag(word.slice(1)));
        if (words.length > 0) onDone(words.filter((word) => !word.startsWith('-')).map(asTag), removed);
      }}
    >
      {/* The form opens because someone asked for it: the focus belongs here. */}
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
      <input className="options__search" data-autofocus autoFocus aria-label={t('bulk.tags')} placeholder={t('bulk.tagsPlaceholder')} value={typed} onChange={(event) => setTyped(event.target.value)} />
      <p className="bulk__hint">{t('bulk.tagsHint')}</p>
    </form>
  );
}
