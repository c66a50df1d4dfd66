// The views on the left: each is a name in the address and a filter of the API.

export interface TicketFilter {
  /** A view of the desk: whatever its conditions mean. Then nothing else counts. */
  view?: string;
  assignee?: string;
  group?: string;
  status?: string;
  requester?: string;
  snoozed?: 'exclude' | 'include' | 'only';
  q?: string;
}

/** What to call someone: by name, else by address; someone known by neither (a phone call, say) by their id. */
export const nameOf = ({ name, email, id }: { name: string | null; email: string | null; id: string }): string => name ?? email ?? id;

export const FIXED_VIEWS = ['mine', 'unassigned', 'open', 'snoozed', 'recent', 'solved'] as const;
export type FixedView = (typeof FIXED_VIEWS)[number];
export type ViewId = FixedView | `v-${string}` | `group-${string}` | `requester-${string}` | `agent-${string}`;

export const DEFAULT_VIEW: ViewId = 'mine';

const FILTERS: Record<FixedView, TicketFilter> = {
  mine: { assignee: 'me', status: 'active', snoozed: 'exclude' },
  unassigned: { assignee: 'none', status: 'active', snoozed: 'exclude' },
  open: { status: 'active', snoozed: 'exclude' },
  snoozed: { status: 'active', snoozed: 'only' },
  recent: {},
  solved: { status: 'done' },
};

const isFixed = (view: string): view is FixedView => (FIXED_VIEWS as readonly string[]).includes(view);

/** The view that an address names; an unknown one is the default, because old links should still open a desk. */
export function viewOf(name: string | null | undefined): ViewId {
  if (name && (isFixed(name) || name.startsWith('v-') || name.startsWith('group-') || name.startsWith('requester-') || name.startsWith('agent-'))) return name as ViewId;
  return DEFAULT_VIEW;
}

export const groupOf = (view: ViewId): string | null => (view.startsWith('group-') ? view.slice('group-'.length) : null);

/** Whose open tickets a list shows. */
export const agentOf = (view: ViewId): string | null => (view.startsWith('agent-') ? view.slice('agent-'.length) : null);

/** The desk's view behind a name in the address. */
export const deskViewOf = (view: ViewId): string | null => (view.startsWith('v-') ? view.slice('v-'.length) : null);

/** What to ask the API for. A search looks through all tickets, whatever the view. */
export function filterOf(view: ViewId, search: string): TicketFilter {
  const q = search.trim();
  if (q !== '') return { q };
  if (isFixed(view)) return FILTERS[view];
  if (view.startsWith('v-')) return { view: view.slice('v-'.length) };
  if (view.startsWith('agent-')) return { assignee: view.slice('agent-'.length), status: 'active', snoozed: 'exclude' };
  if (view.startsWith('requester-')) return { requester: view.slice('requester-'.length) };
  return { group: view.slice('group-'.length), status: 'active', snoozed: 'exclude' };
}

export const viewPath = (view: ViewId, search = ''): string =>
  `/views/${view}${search === '' ? '' : `?${new URLSearchParams({ q: search }).toString()}`}`;

export function ticketPath(id: string, view: ViewId, search = ''): string {
  const query = new URLSearchParams({ view, ...(search === '' ? {} : { q: search }) });
  return `/tickets/${encodeURIComponent(id)}?${query.toString()}`;
}

/** Where a view is written; `null`: a new one from nothing. */
export const editPath = (view: string | null): string => (view === null ? '/views/new/edit' : `/views/v-${encodeURIComponent(view)}/edit`);

/** The page of mail that was held back, or one mail there. */
export const heldPath = (mail?: string): string => (mail === undefined ? '/held' : `/held/${encodeURIComponent(mail)}`);

/** The desk at a glance. */
export const TEAM_PATH = '/team';
export const SATISFACTION_PATH = '/satisfaction';
/** What one settles for oneself. */
export const SETTINGS_PATH = '/settings';

/** Articles, as colleagues write them. */
export const KNOWLEDGE_PATH = '/knowledge';

/** Where a notification leads: its ticket, and the message it is about. */
export const notificationPath = ({ kind, ticket_id: ticket, message_id: message }: { kind: string; ticket_id: string; message_id: string | null }): string =>
  kind === 'hand_over_asked' ? TEAM_PATH : `${ticketPath(ticket, DEFAULT_VIEW)}${message === null ? '' : `#m-${message}`}`;
