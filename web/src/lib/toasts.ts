// Short messages at the edge of the page, each with at most one way out ("Undo", "Try again"). They stay while somebody is at them.

interface Action {
  label: string;
  run: () => void;
  /** It takes back what the toast tells of: Ctrl/Cmd-Z does so too. */
  undoes?: true;
}

type Tone = 'plain' | 'problem';

interface Toast {
  id: number;
  text: string;
  tone: Tone;
  action: Action | null;
  /** For how long it stays; null: it has a term of its own, which nobody at it makes longer. */
  stay: number | null;
}

const STAY_MS = { plain: 6_000, problem: 12_000, undo: 12_000 } as const;

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function subscribeToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const currentToasts = (): readonly Toast[] => toasts;

const timers = new Map<number, ReturnType<typeof setTimeout>>();

function leaveAfter(id: number, ms: number): void {
  clearTimeout(timers.get(id));
  timers.set(id, setTimeout(() => dismiss(id), ms));
}

export function dismiss(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  set(toasts.filter((one) => one.id !== id));
}

/** An action that takes back what is told. */
export const undoing = (label: string, run: () => void): Action => ({ label, run, undoes: true });

/** Takes back what the newest toast tells of that can be taken back; says whether there was one. */
export function undoLatest(): boolean {
  const latest = toasts.findLast(({ action }) => action?.undoes);
  if (!latest) return false;
  dismiss(latest.id);
  latest.action?.run();
  return true;
}

/** Keeps those that have no term where they are, until they are let go: somebody reads them, or is on the way to their button. */
export function holdToasts(): void {
  for (const { id, stay } of toasts) if (stay !== null) clearTimeout(timers.get(id));
}

export function letToastsGo(): void {
  for (const { id, stay } of toasts) if (stay !== null) leaveAfter(id, stay);
}

const usual = (tone: Tone, action: Action | null): number => (action?.undoes ? STAY_MS.undo : STAY_MS[tone]);

/** Says something else in a toast that is still there, or in a new one: progress in one place. */
export function retell(id: number | null, text: string, action: Action | null, tone: Tone = 'plain', term: number | null = null): number {
  if (id === null || !toasts.some((one) => one.id === id)) return toast(text, action, tone, term);
  const stay = usual(tone, action);
  set(toasts.map((one) => (one.id === id ? { id, text, tone, action, stay: term === null ? stay : null } : one)));
  leaveAfter(id, term ?? stay);
  return id;
}

/** Shows `text`, at most three toasts at a time; problems, and what can be taken back, stay longer than other good news, and `term` is for those that end by themselves. Gives its id. */
export function toast(text: string, action: Action | null = null, tone: Tone = 'plain', term: number | null = null): number {
  last += 1;
  const id = last;
  const stay = usual(tone, action);
  set([...toasts.slice(-2), { id, text, tone, action, stay: term === null ? stay : null }]);
  leaveAfter(id, term ?? stay);
  return id;
}
