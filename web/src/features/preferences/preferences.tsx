// Who I am here; behind it, how the page looks and speaks for me.
import { lazy, Suspense, useId, useState } from 'react';
import { Avatar } from '@/components/avatar';
import { useMe } from '@/lib/data/directory';
import { useT } from '@/lib/i18n/use-t';
import './preferences.css';

const PreferencesMenu = lazy(async () => ({ default: (await import('./preferences-menu')).PreferencesMenu }));

export function Preferences({ onShortcuts }: { onShortcuts: () => void }) {
  const t = useT();
  const { data: me } = useMe();
  const id = useId();
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  // Null: nobody has wanted it yet.
  const [opened, setOpened] = useState<boolean | null>(null);
  return (
    <>
      <button
        ref={setButton}
        type="button"
        id={id}
        className="me"
        aria-label={me ? `${me.name}, ${t('me.menu')}` : t('me.menu')}
        aria-haspopup="menu"
        aria-expanded={opened === true}
        onClick={() => setOpened(opened !== true)}
      >
        <Avatar name={me?.name ?? '·'} seed={me?.id ?? ''} size={24} />
        <span className="me__name">{me?.name ?? ''}</span>
      </button>
      <Suspense>{button && opened !== null && <PreferencesMenu at={button} opened={opened} onChange={setOpened} onShortcuts={onShortcuts} />}</Suspense>
    </>
  );
}
