// What is being written, kept in the browser as it is typed and on the desk a moment later, a ticket and a place at a time:
// what was begun on one machine goes on at another.
import type { Api } from '@/lib/api/client';
import { done, unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { Visibility } from '@/lib/api/types';
import { forget, readJson, writeJson } from '@/lib/storage';

const key = (ticket: string, visibility: Visibility): string => `desk.draft.${ticket}.${visibility}`;

export function readDraft(ticket: string, visibility: Visibility): string {
  const kept = readJson(key(ticket, visibility));
  return typeof kept === 'string' ? kept : '';
}

/** Keeps a draft (an empty one is forgotten); answers whether it is safe. */
export function keepDraft(ticket: string, visibility: Visibility, body: string): boolean {
  if (body.trim() === '') {
    forget(key(ticket, visibility));
    return true;
  }
  return writeJson(key(ticket, visibility), body);
}

const WAIT_MS = 1_500;
const KINDS = { public: 'reply', internal: 'note' } as const;

/** Where on a ticket something is written: an answer, a note, in one of its side conversations, or the first of one that is not begun yet. */
export type Place = Visibility | 'aside' | `aside:${string}`;

/** What is written there; to whom and about what is said of a side conversation that is not begun yet. */
interface Written {
  body: string;
  to?: string;
  subject?: string;
}

const which = (place: Place): { kind: 'reply' | 'note' | 'side'; side_id?: string } => {
  if (place === 'public' || place === 'internal') return { kind: KINDS[place] };
  return place === 'aside' ? { kind: 'side' } : { kind: 'side', side_id: place.slice('aside:'.length) };
};

const isEmpty = ({ body, to = '', subject = '' }: Written): boolean => [body, to, subject].every((text) => text.trim() === '');

/** What the desk keeps of one ticket's texts; it never stands in the way of typing, and fails in silence: the browser has it, too. */
export class DeskDrafts {
  private readonly versions = new Map<Place, number>();
  private readonly timers = new Map<Place, ReturnType<typeof setTimeout>>();
  private readonly waiting = new Map<Place, Written | null>();
  /** One call after another: each names the version that the one before it made. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly api: Api,
    private readonly ticket: string,
  ) {}

  /** What was written elsewhere; from now on its versions are known here. */
  async fetch(): Promise<Partial<Record<Place, Written>>> {
    const { reply, note, sides } = await unwrap(this.api.GET('/v1/tickets/{id}/draft', { params: { path: { id: this.ticket } } }));
    const found: Partial<Record<Place, Written>> = {};
    const take = (place: Place, draft: typeof reply): void => {
      if (!draft) return;
      this.versions.set(place, draft.version);
      found[place] = draft;
    };
    take('public', reply);
    take('internal', note);
    for (const one of sides) take(one.side_id === null ? 'aside' : `aside:${one.side_id}`, one);
    return found;
  }

  /** Keeps it in a moment; null: it has gone where it was meant to go, and so does whatever the desk has of it. */
  keep(place: Place, written: Written | null): void {
    this.waiting.set(place, written);
    clearTimeout(this.timers.get(place));
    this.timers.set(place, setTimeout(() => this.flush(place), WAIT_MS));
  }

  /** Sends what still waits: the page is about to show another ticket. */
  flush(place: Place): void {
    clearTimeout(this.timers.get(place));
    const written = this.waiting.get(place);
    if (written === undefined) return;
    this.waiting.delete(place);
    this.queue = this.queue.then(() => this.send(place, written)).catch(() => undefined);
  }

  private async send(place: Place, written: Written | null): Promise<void> {
    const path = { id: this.ticket };
    if (written === null || isEmpty(written)) {
      if (!this.versions.delete(place) && written !== null) return;
      await done(this.api.DELETE('/v1/tickets/{id}/draft', { params: { path, query: which(place) } }));
      return;
    }
    const header = { 'If-Match': `"${this.versions.get(place) ?? 0}"` };
    try {
      const draft = await unwrap(this.api.PUT('/v1/tickets/{id}/draft', { params: { path, header }, body: { ...which(place), ...written } }));
      this.versions.set(place, draft.version);
    } catch (error) {
      if (!(error instanceof ApiError && error.stale)) throw error;
      // Another window wrote or sent it meanwhile: from now on this one knows how it stands, and the next keystroke is kept.
      this.versions.delete(place);
      await this.fetch();
    }
  }
}
