// What is to be done on a ticket: ticked off, added by typing, or put on it as a whole from a checklist.
import { Popover } from '@mantine/core';
import { useState } from 'react';
import { Avatar } from '@/components/avatar';
import { IconChecklist, IconClose, IconUserOff } from '@/components/icons';
import { OptionList, type Option } from '@/components/option-list';
import { Section } from './section';
import { useRefused } from './use-refused';
import type { Task, Ticket } from '@/lib/api/types';
import { addChecklist, addTask, assignTask, finishTask, removeTask, useAct } from '@/lib/data/acts';
import { useChecklists } from '@/lib/data/catalogue';
import { useAgents, useNames } from '@/lib/data/directory';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { useNow } from '@/lib/time/clock';
import { moment } from '@/lib/time/format';

export function Tasks({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const act = useAct(ticket.id, useRefused());
  const [typed, setTyped] = useState('');
  const { tasks } = ticket;
  const done = tasks.filter((task) => task.done_at !== null).length;
  const closed = ticket.status === 'closed';
  if (closed && tasks.length === 0) return null;
  return (
    <Section name="tasks" title={t('task.title')} note={tasks.length > 0 ? t('task.progress', { done, count: tasks.length }) : undefined}>
      {tasks.length > 0 && (
        <ul className="tasks">
          {tasks.map((task) => (
            <TaskItem key={task.id} ticket={ticket} task={task} />
          ))}
        </ul>
      )}
      {!closed && (
        <form
          className="tasks__add"
          onSubmit={(event) => {
            event.preventDefault();
            const title = typed.trim();
            if (title === '') return;
            setTyped('');
            act(addTask(ticket.id, title));
          }}
        >
          <input className="cc__input tasks__input" aria-label={t('task.add')} placeholder={t('task.add')} maxLength={200} value={typed} onChange={(event) => setTyped(event.target.value)} />
          <ChecklistButton ticket={ticket} />
        </form>
      )}
    </Section>
  );
}

function TaskItem({ ticket, task }: { ticket: Ticket; task: Task }) {
  const t = useT();
  const names = useNames();
  const now = useNow();
  const language = useLanguage();
  const [opened, setOpened] = useState(false);
  const { data: agents = [] } = useAgents();
  const act = useAct(ticket.id, useRefused());
  const done = task.done_at !== null;
  const owner = names.agent(task.assignee);
  const late = !done && task.due_at !== null && Date.parse(task.due_at) < now;
  const people: Option[] = [
    { value: null, label: t('property.nobody'), icon: <IconUserOff size={18} stroke={1.5} /> },
    ...agents.map((agent) => ({ value: agent.id, label: agent.name, icon: <Avatar name={agent.name} seed={agent.id} size={20} /> })),
  ];
  return (
    <li className="task">
      <label className={done ? 'task__label task__label--done' : 'task__label'}>
        <input type="checkbox" className="task__check" checked={done} disabled={ticket.status === 'closed'} onChange={() => act(finishTask(ticket.id, task, !done))} />
        <span className="task__text">
          {task.title}
          {task.due_at !== null && !done && <span className={late ? 'task__due task__due--late' : 'task__due'}>{moment(task.due_at, language)}</span>}
        </span>
      </label>
      <button type="button" className="tag__remove task__remove" aria-label={t('task.remove', { title: task.title })} onClick={() => act(removeTask(ticket.id, task))}>
        <IconClose size={14} />
      </button>
      <Popover opened={opened} onChange={setOpened} position="bottom-end" offset={4} returnFocus trapFocus shadow="none" withinPortal>
        <Popover.Target>
          <button type="button" className="task__owner" aria-label={owner === null ? t('task.assign') : t('task.owner', { name: owner })} title={owner ?? t('task.assign')} onClick={() => setOpened(!opened)}>
            {owner === null ? <span className="row__nobody" /> : <Avatar name={owner} seed={task.assignee ?? ''} size={20} />}
          </button>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          <OptionList
            label={t('task.assign')}
            options={people}
            value={task.assignee}
            onChoose={(agent) => {
              setOpened(false);
              act(assignTask(ticket.id, task, agent));
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </li>
  );
}

function ChecklistButton({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const [opened, setOpened] = useState(false);
  const { data: checklists = [] } = useChecklists(opened);
  const act = useAct(ticket.id, useRefused());
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" offset={4} returnFocus trapFocus shadow="none" withinPortal>
      <Popover.Target>
        <button type="button" className="icon-button" aria-label={t('task.checklist')} title={t('task.checklist')} onClick={() => setOpened(!opened)}>
          <IconChecklist size={16} stroke={1.6} />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <OptionList
          label={t('task.checklist')}
          options={checklists.map(({ id, title, items }) => ({ value: id, label: title, hint: String(items.length) }))}
          value=""
          onChoose={(id) => {
            setOpened(false);
            if (id !== null) act(addChecklist(ticket.id, id));
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
