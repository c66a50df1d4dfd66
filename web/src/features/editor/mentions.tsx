// Calling colleagues in a note: "@" and a few letters, chosen with the arrows; who was called is told.
import { useState, type RefObject } from 'react';
import { Avatar } from '@/components/avatar';
import { mentionAt, type Mention } from './mention';
import type { PressedKey, Surface } from './surface';
import type { Agent } from '@/lib/api/types';
import { useAgents } from '@/lib/data/directory';
import { useT } from '@/lib/i18n/use-t';

const SHOWN = 6;

interface Writing {
  field: RefObject<Surface | null>;
  /** Only notes call anybody. */
  wanted: boolean;
}

interface Mentions {
  people: readonly Agent[];
  active: number;
  look: () => void;
  close: () => void;
  press: (event: PressedKey) => boolean;
  choose: (agent: Agent) => void;
  hover: (index: number) => void;
  /** Whom `text` calls, as a message says it. */
  called: (text: string) => { mentions?: string[] };
}

const plain = (text: string): string => text.normalize('NFKD').toLocaleLowerCase();

export function useMentions({ field, wanted }: Writing): Mentions {
  const { data: agents = [] } = useAgents();
  const [found, setFound] = useState<Mention | null>(null);
  const [active, setActive] = useState(0);
  const query = plain(found?.query ?? '');
  const people = found && wanted ? agents.filter((agent) => plain(agent.name).split(/\s+/u).some((word) => word.startsWith(query)) || plain(agent.name).startsWith(query)).slice(0, SHOWN) : [];
  const at = Math.min(active, Math.max(0, people.length - 1));

  const look = (): void => {
    const at = field.current?.caret() ?? null;
    const next = at === null ? null : mentionAt(at.text, at.caret);
    setFound(next);
    if (next === null) setActive(0);
  };
  const close = (): void => setFound(null);
  const choose = (agent: Agent): void => {
    if (!found) return;
    field.current?.replace(found.from, found.to, `@${agent.name}\u00A0`);
    setFound(null);
  };
  return {
    people,
    active: at,
    look,
    close,
    choose,
    hover: setActive,
    press: (event) => {
      if (people.length === 0 || event.isComposing || event.ctrlKey || event.metaKey) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const chosen = people[at];
      if (step !== undefined) setActive((at + step + people.length) % people.length);
      else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) choose(chosen);
      else if (event.key === 'Escape') close();
      else return false;
      event.preventDefault();
      return true;
    },
    called: (text) => {
      const ids = agents.filter((agent) => text.includes(`@${agent.name}`)).map((agent) => agent.id);
      return ids.length > 0 ? { mentions: ids } : {};
    },
  };
}

export function MentionMenu({ mentions: { people, active, choose, hover } }: { mentions: Mentions }) {
  const t = useT();
  if (people.length === 0) return null;
  return (
    <ul className="mentions" role="listbox" aria-label={t('mention.label')}>
      {people.map((agent, index) => (
        // The keyboard walks this list from the field; the focus stays there.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
        <li
          key={agent.id}
          role="option"
          aria-selected={index === active}
          className={index === active ? 'option option--active' : 'option'}
          onPointerMove={() => hover(index)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => choose(agent)}
        >
          <Avatar name={agent.name} seed={agent.id} size={20} />
          <span className="option__label">{agent.name}</span>
          {!agent.available && <span className="option__hint">{t('property.away')}</span>}
        </li>
      ))}
    </ul>
  );
}
