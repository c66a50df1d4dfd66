// A key of the keyboard, as it is written on it.
import '@/components/key.css';

export function Key({ name }: { name: string }) {
  return <kbd className="key">{name}</kbd>;
}

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** What people call Ctrl here. */
export const MOD = isMac ? '⌘' : 'Ctrl';
