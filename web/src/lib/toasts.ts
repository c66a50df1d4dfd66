// Short messages at the edge of the page, each with at most one way out ("Undo", "Try again").

interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'problem';
  action: { label: string; run: () => void } | null;
}

const STAY_MS = { plain: 6_000, problem: 12_000 } as const;

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

export function dismiss(id: number): void {
  timers.delete(id);
  set(toasts.filter((toast) => toast.id !== id));
}

const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** Says something else in a toast that is still there, or in a new one: progress in one place. */
export function retell(id: number | null, text: string, action: Toast['action'], tone: Toast['tone'] = 'plain', stay: number = STAY_MS[tone]): number {
  if (id === null || !toasts.some((one) => one.id === id)) return toast(text, action, tone, stay);
  set(toasts.map((one) => (one.id === id ? { id, text, tone, action } : one)));
  clearTimeout(timers.get(id));
  timers.set(id, setTimeout(() => dismiss(id), stay));
  return id;
}

/** Shows `text`, at most three toasts at a time; problems stay longer than good news, `stay` is for those with a term. Gives its id. */
export function toast(text: string, action: Toast['action'] = null, tone: Toast['tone'] = 'plain', stay: number = STAY_MS[tone]): number {
  last += 1;
  const id = last;
  set([...toasts.slice(-2), { id, text, tone, action }]);
  timers.set(id, setTimeout(() => dismiss(id), stay));
  return id;
}
