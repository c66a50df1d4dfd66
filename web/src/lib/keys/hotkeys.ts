// Single keys for an agent's hands. Every binding is listed with its label, so the overlay of "?" cannot lie.
import { useEffect, useEffectEvent } from 'react';

export interface Hotkey {
  /** "j", "Enter", "?", or a sequence such as "g u". */
  keys: string;
  run: () => void;
}

interface Registered {
  current: () => readonly Hotkey[];
}

const SEQUENCE_MS = 1_200;
const stack: Registered[] = [];
let prefix = '';
let prefixAt = 0;

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** A widget that has the focus and a use for the key keeps it: Enter on a button presses the button. */
function taken(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.target.closest('dialog,[role="dialog"],[role="menu"],[role="listbox"]')) return true;
  return (event.key === 'Enter' || event.key === ' ') && event.target.closest('button,a,summary,[role="separator"]') !== null;
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || taken(event)) return;
  const sequence = Date.now() - prefixAt < SEQUENCE_MS && prefix !== '' ? `${prefix} ${event.key}` : event.key;
  const all = stack.toReversed().flatMap((entry) => entry.current());
  const found = all.find((hotkey) => hotkey.keys === sequence);
  const begins = all.some((hotkey) => hotkey.keys.startsWith(`${sequence} `));
  prefix = found || !begins ? '' : sequence;
  prefixAt = Date.now();
  if (found) {
    event.preventDefault();
    found.run();
  }
}

/** Binds keys while the component is on the page; of two bindings of one key the later mounted wins. */
export function useHotkeys(hotkeys: readonly Hotkey[]): void {
  const latest = useEffectEvent(() => hotkeys);
  useEffect(() => {
    const entry: Registered = { current: () => latest() };
    if (stack.length === 0) document.addEventListener('keydown', onKey);
    stack.push(entry);
    return () => {
      stack.splice(stack.indexOf(entry), 1);
      if (stack.length === 0) document.removeEventListener('keydown', onKey);
    };
  }, []);
}
