// What is being written, kept in the browser as it is typed and on the desk a moment later, a ticket and a kind at a time:
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

/** What the desk keeps of one ticket's texts; it never stands in the way of typing, and fails in silence: the browser has it, too. */
export class DeskDrafts {
  private readonly versions = new Map<Visibility, number>();
  private readonly timers = new Map<Visibility, ReturnType<typeof setTimeout>>();
  private readonly waiting = new Map<Visibility, string>();
  /** One call after another: each names the version that the one before it made. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly api: Api,
    private readonly ticket: string,
  ) {}

  /** What was written elsewhere, and for how long the desk has known it. */
  async fetch(): Promise<Partial<Record<Visibility, string>>> {
    const { reply, note } = await unwrap(this.api.GET('/v1/tickets/{id}/draft', { params: { path: { id: this.ticket } } }));
    if (reply) this.versions.set('public', reply.version);
    if (note) this.versions.set('internal', note.version);
    return { ...(reply ? { public: reply.body } : {}), ...(note ? { internal: note.body } : {}) };
  }

  keep(kind: Visibility, body: string): void {
    this.waiting.set(kind, body);
    clearTimeout(this.timers.get(kind));
    this.timers.set(kind, setTimeout(() => this.flush(kind), WAIT_MS));
  }

  /** Sends what still waits: the page is about to show another ticket. */
  flush(kind: Visibility): void {
    clearTimeout(this.timers.get(kind));
    const body = this.waiting.get(kind);
    if (body === undefined) return;
    this.waiting.delete(kind);
    this.queue = this.queue.then(() => this.send(kind, body)).catch(() => undefined);
  }

  private async send(kind: Visibility, body: string): Promise<void> {
    const path = { id: this.ticket };
    if (body.trim() === '') {
      if (!this.versions.delete(kind)) return;
      await done(this.api.DELETE('/v1/tickets/{id}/draft', { params: { path, query: { kind: KINDS[kind] } } }));
      return;
    }
    const header = { 'If-Match': `"${this.versions.get(kind) ?? 0}"` };
    try {
      const draft = await unwrap(this.api.PUT('/v1/tickets/{id}/draft', { params: { path, header }, body: { kind: KINDS[kind], body } }));
      this.versions.set(kind, draft.version);
    } catch (error) {
      // Another window wrote meanwhile: from now on this one knows its version, and the next keystroke is kept.
      if (error instanceof ApiError && error.stale) await this.fetch();
      else throw error;
    }
  }
}
