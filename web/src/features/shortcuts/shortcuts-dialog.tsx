// All keys of the desk on one page, behind "?".
import { Dialog } from '@/components/dialog';
import { Key, MOD } from '@/components/key';
import { useT } from '@/lib/i18n/use-t';
import './shortcuts.css';

const GROUPS = [
  {
    name: 'moving',
    keys: [
      ['next', ['j']],
      ['previous', ['k']],
      ['open', ['Enter']],
      ['back', ['Esc']],
      ['search', ['/']],
      ['everywhere', [MOD, 'K']],
      ['select', ['x']],
      ['selectMore', ['⇧', 'j']],
      ['selectAll', [MOD, 'A']],
    ],
  },
  {
    name: 'ticket',
    keys: [
      ['reply', ['r']],
      ['note', ['n']],
      ['assign', ['a']],
      ['assignMe', ['m']],
      ['status', ['s']],
      ['priority', ['p']],
      ['tag', ['t']],
      ['snooze', ['z']],
      ['merge', ['⇧', 'm']],
      ['link', ['l']],
      ['follow', ['f']],
      ['panel', [']']],
      ['undo', [MOD, 'Z']],
    ],
  },
  {
    name: 'writing',
    keys: [
      ['send', [MOD, 'Enter']],
      ['sendAndSolve', [MOD, '⇧', 'Enter']],
      ['slash', ['/']],
      ['mention', ['@']],
    ],
  },
  {
    name: 'held',
    keys: [
      ['letIn', ['i']],
      ['block', ['b']],
      ['delete', ['#']],
    ],
  },
  {
    name: 'going',
    keys: [
      ['mine', ['g', 'm']],
      ['unassigned', ['g', 'u']],
      ['everything', ['g', 'i']],
      ['snoozed', ['g', 'z']],
      ['held', ['g', 'h']],
      ['help', ['?']],
    ],
  },
] as const;

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  return (
    <Dialog title={t('keys.title')} wide onClose={onClose}>
      <div className="shortcuts">
        {GROUPS.map((group) => (
          <section key={group.name}>
            <h3 className="shortcuts__title">{t(`keys.group.${group.name}`)}</h3>
            <dl className="shortcuts__list">
              {group.keys.map(([name, keys]) => (
                <div key={name} className="shortcut">
                  <dt>{t(`keys.${name}`)}</dt>
                  <dd>
                    {keys.map((key) => (
                      <Key key={key} name={key} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
