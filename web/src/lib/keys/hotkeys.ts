// Single keys for an agent's hands, and the same acts by name for the command palette: what has a key and what is listed cannot
// drift apart. Single keys can be switched off; keys with Ctrl/Cmd and those that every page has (Escape, arrows) stay.
import { useEffect, useEffectEvent, type ReactNode } from 'react';
import { usesSingleKeys } from '@/lib/data/habits';

export interface Hotkey {
  /** "j", "Enter", "?", "Mod+k", or a sequence such as "g u". Absent: it is in the palette only. */
  keys?: string;
  run: () => void;
  /** What the palette calls it; absent: it is not listed there. */
  label?: string;
  /** Other words that find it in the palette. */
  words?: string;
  icon?: ReactNode;
  /** One of many of a kind ("Assign to Ann"): listed only once somebody types. */
  deep?: boolean;
}

export type Command = Hotkey & { label: string };

interface Registered {
  current: () => readonly Hotkey[];
}

const TEXTS_OWN: ReadonlySet<string> = new Set(['Mod+a', 'Mod+z']);
const SEQUENCE_MS = 1_200;
const stack: Registered[] = [];
let prefix = '';
let prefixAt = 0;

const all = (): Hotkey[] => stack.toReversed().flatMap((entry) => entry.current());

/** Everything that has a name now, what was mounted last first; a name is listed once. */
export function commands(): Command[] {
  const named = all().filter((hotkey): hotkey is Command => hotkey.label !== undefined);
  return [...new Map(named.toReversed().map((command) => [command.label, command])).values()].toReversed();
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A box takes no letters: after a click on a row's, keys still mean the list.
  if (target instanceof HTMLInputElement && target.type === 'checkbox') return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** A widget that has the focus and a use for the key keeps it: Enter on a button presses the button. */
function taken(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.target.closest('dialog,[role="dialog"],[role="menu"],[role="listbox"]')) return true;
  return (event.key === 'Enter' || event.key === ' ') && event.target.closest('button,a,summary,[role="separator"]') !== null;
}

const isCharacter = (keys: string): boolean => keys.split(' ')[0]?.length === 1;

function withModifier(event: KeyboardEvent): void {
  const keys = `Mod+${event.key.toLowerCase()}`;
  const found = all().find((hotkey) => hotkey.keys === keys);
  // Selecting all of a text and undoing a word in it are the text's own.
  if (!found || (TEXTS_OWN.has(keys) && typing(event.target)) || document.querySelector('dialog[open]')) return;
  event.preventDefault();
  found.run();
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    withModifier(event);
    return;
  }
  if (typing(event.target) || taken(event)) return;
  const sequence = Date.now() - prefixAt < SEQUENCE_MS && prefix !== '' ? `${prefix} ${event.key}` : event.key;
  const known = all().filter(({ keys }) => keys !== undefined && (usesSingleKeys() || !isCharacter(keys)));
  const found = known.find((hotkey) => hotkey.keys === sequence);
  const begins = known.some((hotkey) => hotkey.keys?.startsWith(`${sequence} `));
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
