// Who has how much, and giving it to somebody else: by dragging a ticket onto a colleague, or by its button and the keyboard.
import { Popover } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState, type DragEvent } from 'react';
import { Link } from 'react-router';
import { Absent } from './absent';
import { TicketLine } from './numbers';
import { useWords } from './words';
import { Avatar } from '@/components/avatar';
import { IconChevronRight, IconUser, IconUserOff } from '@/components/icons';
import { OptionList, type Option } from '@/components/option-list';
import type { Agent, TicketRow } from '@/lib/api/types';
import { useAgents, useGroups } from '@/lib/data/directory';
import { flat } from '@/lib/data/pages';
import { useTicketList } from '@/lib/data/tickets';
import { useChange, useChangeAny } from '@/lib/data/use-change';
import { useT } from '@/lib/i18n/use-t';
import { useNews } from '@/lib/live/live';
import { filterOf, viewPath, type ViewId } from '@/lib/tickets/views';

const loadOf = ({ open_tickets: open, capacity }: Agent): number => (capacity > 0 ? open / capacity : 1);

/** The fullest first, then who is away; a full desk is seen before a free one. */
const byLoad = (one: Agent, other: Agent): number =>
  Number(other.available) - Number(one.available) || loadOf(other) - loadOf(one) || other.open_tickets - one.open_tickets || one.name.localeCompare(other.name);

/** How many of somebody's tickets are shown here; all of them are a list of their own. */
const SHOWN = 12;

/** What is dragged: a ticket, by its id, whose it is now beside it. */
const TICKET = 'application/x-desk-ticket';

export function Board() {
  const w = useWords();
  const { data: agents = [] } = useAgents();
  const client = useQueryClient();
  useNews(async ({ any }) => {
    if (any) await client.invalidateQueries({ queryKey: ['agents'] });
  });
  return (
    <section aria-label={w('load')}>
      <h2 className="team__heading">{w('load')}</h2>
      <p className="team__hint">{w('loadHint')}</p>
      <ul className="team__people">
        <Holder agent={null} agents={agents} />
        {agents.toSorted(byLoad).map((agent) => (
          <Holder key={agent.id} agent={agent} agents={agents} />
        ))}
      </ul>
    </section>
  );
}

/** A colleague, or nobody, with what they have; a ticket that is dropped here is theirs. */
function Holder({ agent, agents }: { agent: Agent | null; agents: readonly Agent[] }) {
  const t = useT();
  const w = useWords();
  const list = useId();
  const [open, setOpen] = useState(agent === null);
  const [over, setOver] = useState(false);
  const give = useChangeAny();
  const id = agent?.id ?? null;
  const name = agent?.name ?? w('nobody');
  const accepts = (event: DragEvent): boolean => event.dataTransfer.types.includes(TICKET);
  return (
    <li
      className={over ? 'holder holder--over' : 'holder'}
      onDragOver={(event) => {
        if (!accepts(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!(event.relatedTarget instanceof Node) || !event.currentTarget.contains(event.relatedTarget)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        const [ticket, owner] = event.dataTransfer.getData(TICKET).split(' ');
        if (!accepts(event) || ticket === undefined) return;
        event.preventDefault();
        if (owner !== (id ?? '')) give({ id: ticket, change: { assignee: id } });
      }}
    >
      <div className={agent === null || agent.available ? 'load' : 'load load--away'}>
        <button type="button" className="load__fold" aria-expanded={open} aria-controls={list} aria-label={w('show', { name })} onClick={() => setOpen(!open)}>
          <IconChevronRight className="load__chevron" size={16} aria-hidden="true" />
        </button>
        {agent === null ? <IconUserOff size={24} stroke={1.5} aria-hidden="true" /> : <Avatar name={agent.name} seed={agent.id} size={32} />}
        <Link className="load__who" to={viewPath(agent === null ? 'unassigned' : `agent-${agent.id}`)}>
          <span className="load__name" dir="auto">
            {name}
          </span>
          {agent && <Where agent={agent} />}
        </Link>
        {agent && <Bar share={Math.min(1, loadOf(agent))} empty={agent.open_tickets === 0} />}
        {agent && <span className="load__count">{t('property.load', { open: agent.open_tickets, capacity: agent.capacity })}</span>}
      </div>
      {agent && <Absent agent={agent} />}
      {open && <Held id={list} agent={id} agents={agents} />}
    </li>
  );
}

function Where({ agent }: { agent: Agent }) {
  const t = useT();
  const { data: groups = [] } = useGroups();
  const places = groups.filter((group) => agent.groups.includes(group.id)).map((group) => group.name);
  return <span className="load__where">{agent.available ? places.join(', ') : t('property.away')}</span>;
}

function Bar({ share, empty }: { share: number; empty: boolean }) {
  return (
    <svg className="load__bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect className="load__room" width="100" height="6" rx="3" />
      <rect className={share >= 1 ? 'load__full' : 'load__open'} width={empty ? 0 : Math.max(2, share * 100)} height="6" rx="3" />
    </svg>
  );
}

function Held({ id, agent, agents }: { id: string; agent: string | null; agents: readonly Agent[] }) {
  const w = useWords();
  const view: ViewId = agent === null ? 'unassigned' : `agent-${agent}`;
  const tickets = useTicketList(filterOf(view, ''));
  const rows = flat(tickets.data);
  if (tickets.data === undefined) return <div id={id} className="holder__tickets" aria-busy="true" />;
  return (
    <ul id={id} className="holder__tickets">
      {rows.slice(0, SHOWN).map((row) => (
        <Movable key={row.id} row={row} agents={agents} />
      ))}
      {rows.length === 0 && <li className="numbers__more">{w('nothing')}</li>}
      {(rows.length > SHOWN || tickets.hasNextPage) && (
        <li className="numbers__more">
          <Link className="link" to={viewPath(view)}>
            {w('all')}
          </Link>
        </li>
      )}
    </ul>
  );
}

function Movable({ row, agents }: { row: TicketRow; agents: readonly Agent[] }) {
  const t = useT();
  const w = useWords();
  const change = useChange(row.id);
  const [choosing, setChoosing] = useState(false);
  const people: Option[] = [
    { value: null, label: t('property.nobody'), icon: <IconUserOff size={18} stroke={1.5} /> },
    ...agents.toSorted(byLoad).toReversed().map((agent) => ({
      value: agent.id,
      label: agent.name,
      icon: <Avatar name={agent.name} seed={agent.id} size={20} />,
      hint: agent.available ? t('property.load', { open: agent.open_tickets, capacity: agent.capacity }) : t('property.away'),
    })),
  ];
  return (
    <li
      className="movable"
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(TICKET, `${row.id} ${row.assignee ?? ''}`);
        event.dataTransfer.effectAllowed = 'move';
      }}
    >
      <TicketLine row={row} />
      <Popover opened={choosing} onChange={setChoosing} position="bottom-end" offset={4} returnFocus trapFocus shadow="none" withinPortal>
        <Popover.Target>
          <button type="button" className="icon-button" aria-label={w('give', { number: row.number })} title={w('give', { number: row.number })} onClick={() => setChoosing(!choosing)}>
            <IconUser size={16} stroke={1.6} />
          </button>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          <OptionList
            label={t('property.assignee')}
            options={people}
            value={row.assignee}
            onChoose={(assignee) => {
              setChoosing(false);
              if (assignee !== row.assignee) change({ assignee });
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </li>
  );
}
