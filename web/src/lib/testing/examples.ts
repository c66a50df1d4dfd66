// Small true examples of what the API sends.
import type { HistoryEvent, Me, Message, Ticket } from '@/lib/api/types';

/** A test says only what it is about; whatever else the API sends is not looked at there. */
const like = <Whole,>(part: Partial<Whole>): Whole => part as Whole;

export const me = like<Me>({ id: 'ag_1', name: 'Mina Park', email: 'mina@desk.test', role: 'agent', groups: ['gr_1'], locale: 'en', hold_seconds: 10 });

export const ticket = like<Ticket>({
  id: 'tic_1',
  number: 1042,
  subject: 'Charged twice',
  status: 'open',
  custom_status: null,
  priority: 'normal',
  type: 'request',
  impact: null, urgency: null, product: null, due_at: null, snoozed: false, snoozed_until: null, followers: [], merged_into: null, time_seconds: 0, billable_seconds: 0,
  channel: 'email',
  category: null,
  group: 'gr_1',
  assignee: null,
  requester: { id: 'req_1', name: 'Ana', email: 'ana@example.test', undeliverable: false, complained: false },
  participants: [],
  tags: [],
  version: 7,
  created_at: '2026-11-01T10:00:00.000Z',
  updated_at: '2026-11-01T10:00:00.000Z',
  last_message: null,
  sla: { policy: null, clocks: [], next_due_at: null },
  fields: {},
  linked_tickets: [], tasks: [], approvals: [],
  solved_at: null,
  closed_at: null,
  rating: null,
  language: 'en',
});

export const message = (id: string, at: string, more: Partial<Message> = {}): Message =>
  like<Message>({
  id,
  at,
  author: { kind: 'requester', id: 'req_1', name: 'Ana' },
  visibility: 'public',
  channel: 'email',
  body_text: `text of ${id}`,
  body_html: null,
  quoted_text: null,
  attachments: [],
  delivery: null,
  ...more,
  });

export const event = (seq: number, type: string, at: string, more: Partial<HistoryEvent> = {}): HistoryEvent => ({
  id: `evt_${seq}`,
  seq,
  type,
  at,
  actor: { kind: 'agent', id: 'ag_1', name: 'Mina Park' },
  data: {},
  because: [],
  ...more,
});
