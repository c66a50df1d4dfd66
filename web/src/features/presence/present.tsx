// Colleagues who have this ticket open, and who of them is writing: so that two people do not answer at once.
import { Avatar } from '@/components/avatar';
import { IconPencil } from '@/components/icons';
import { useNames } from '@/lib/data/directory';
import { usePresence } from '@/lib/data/presence';
import { useT } from '@/lib/i18n/use-t';
import './present.css';

const SHOWN = 3;

export function Here({ ticket }: { ticket: string }) {
  const t = useT();
  const names = useNames();
  const present = usePresence(ticket);
  if (present.length === 0) return null;
  const nameOf = (id: string, name: string | null): string => name ?? names.agent(id) ?? '?';
  const writing = present.filter(({ state }) => state === 'writing');
  const [writer] = writing;
  return (
    <div className="here" role="status">
      {present.slice(0, SHOWN).map(({ agent_id: id, name, state }) => {
        const label = t(state === 'writing' ? 'presence.writing' : 'presence.viewing', { name: nameOf(id, name) });
        return (
          <span key={id} className={state === 'writing' ? 'here__person here__person--writing' : 'here__person'} title={label}>
            <Avatar name={nameOf(id, name)} seed={id} size={24} />
            <span className="visually-hidden">{label}</span>
          </span>
        );
      })}
      {writer && (
        <span className="here__writing" aria-hidden="true">
          <IconPencil size={13} stroke={1.8} /> {t('presence.writing', { name: nameOf(writer.agent_id, writer.name) })}
        </span>
      )}
    </div>
  );
}
