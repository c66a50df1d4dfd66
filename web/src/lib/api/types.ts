// The API's shapes under short names, all taken from the generated schema so that the page cannot drift from the API.
import type { paths } from '@/lib/api/schema';

export type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;
export type Ok<Path extends keyof paths, Method extends keyof paths[Path], Code extends number = 200> = paths[Path][Method] extends {
  responses: Record<Code, infer Response>;
}
  ? Json<Response>
  : never;
export type Sent<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends { requestBody: infer Body }
  ? Json<Body>
  : never;
export type Item<P extends { items: unknown[] }> = P['items'][number];

export type Me = Ok<'/v1/me', 'get'>;
export type Agent = Item<Ok<'/v1/agents', 'get'>>;
export type Group = Item<Ok<'/v1/groups', 'get'>>;
export type Category = Item<Ok<'/v1/categories', 'get'>>;
export type TicketPage = Ok<'/v1/tickets', 'get'>;
export type TicketRow = Item<TicketPage>;
export type Ticket = Ok<'/v1/tickets/{id}', 'get'>;
export type TicketChange = Sent<'/v1/tickets/{id}', 'patch'>;
export type Status = TicketRow['status'];
export type Priority = TicketRow['priority'];
export type Channel = TicketRow['channel'];
export type Sla = TicketRow['sla'];
export type SlaClock = Sla['clocks'][number];
export type SlaMetric = SlaClock['metric'];
export type TicketSla = Ok<'/v1/tickets/{id}/sla', 'get'>;
export type SlaStretch = TicketSla['ledger'][number];
export type SlaNote = TicketSla['notes'][number];
export type SlaPolicy = Item<Ok<'/v1/sla-policies', 'get'>>;
export type SlaPolicyIn = Sent<'/v1/sla-policies/{id}', 'put'>;
export type SlaConditions = SlaPolicy['conditions'];
export type SlaEscalation = SlaPolicy['escalations'][number];
export type Calendar = Item<Ok<'/v1/calendars', 'get'>>;
export type CalendarEvents = Ok<'/v1/calendars/{id}/import', 'post'>;
export type CalendarFeed = NonNullable<Calendar['feed']>;
export type CalendarIn = Sent<'/v1/calendars/{id}', 'put'>;
/** Conditions are a tree of any shape, which the schema cannot say. */
type Free<T> = Omit<T, 'conditions'> & { conditions: Record<string, unknown> };
export type Rule = Free<Item<Ok<'/v1/rules', 'get'>>>;
export type RuleDraft = Free<Sent<'/v1/rules/{id}', 'put'>>;
export type RuleSent = Sent<'/v1/rules/{id}', 'put'>;
export type RulePreview = Ok<'/v1/rules/preview', 'post'>;
export type RuleTrace = Item<Ok<'/v1/tickets/{id}/rules', 'get'>>;
export type RuleVerdict = RuleTrace['rules'][number];
export type Triage = Ok<'/v1/tickets/{id}/triage', 'get'>;
export type Suggestion = Triage['suggestions'][number];
export type TriageField = Suggestion['field'];
export type TriageSettings = Ok<'/v1/triage-settings', 'get'>;
export type TriageSetting = Item<TriageSettings>;
export type TriageWeek = Item<Ok<'/v1/reports/triage', 'get'>>;
export type Alike = Ok<'/v1/tickets/{id}/alike', 'get'>;
export type Suspicion = Item<Ok<'/v1/suspected-incidents', 'get'>>;
export type Webhook = Item<Ok<'/v1/webhooks', 'get'>>;
export type WebhookIn = Sent<'/v1/webhooks/{id}', 'put'>;
export type Deliveries = Ok<'/v1/webhooks/{id}/deliveries', 'get'>;
export type Delivery = Item<Deliveries>;
export type DeliveryInFull = Ok<'/v1/webhooks/{id}/deliveries/{delivery_id}', 'get'>;
export type SlaDraft = Sent<'/v1/sla/preview', 'post'>;
export type SlaPreview = Ok<'/v1/sla/preview', 'post'>;
export type SlaTallyRow = SlaPreview['rows'][number];
export type SlaReport = Ok<'/v1/reports/sla', 'get'>;
export type SlaReportBy = SlaReport['by'];
export type SlaChange = SlaPreview['changes'][number];
export type MessagePage = Ok<'/v1/tickets/{id}/messages', 'get'>;
export type Message = Item<MessagePage>;
export type Attachment = Message['attachments'][number];
/** What the editor writes: a message of a side conversation is written beside it, not in it. */
export type Visibility = Exclude<Message['visibility'], 'side'>;
/** The API has a default visibility; the page never leaves it open who will read a message. */
export type NewMessage = Sent<'/v1/tickets/{id}/messages', 'post'> & { visibility: Visibility; body: string };
export type HistoryPage = Ok<'/v1/tickets/{id}/history', 'get'>;
export type HistoryEvent = Item<HistoryPage>;
export type Reason = HistoryEvent['because'][number];
export type RequestOpened = Ok<'/v1/requests', 'post', 201>;
export type RequestView = Ok<'/v1/requests/{id}', 'get'>;
export type RequestPerson = Item<{ items: RequestView['people'] }>;
export type SurveyQuestion = Item<{ items: Ok<'/v1/surveys/{token}', 'get'>['questions'] }>;
export type Site = Ok<'/v1/portal/site', 'get'>;
export type PortalVisitor = Ok<'/v1/portal/session', 'get'>;
export type RequestRow = Item<Ok<'/v1/portal/requests', 'get'>>;
export type FormElement = Item<{ items: Ok<'/v1/request-forms', 'get'>['elements'] }>;
export type FormField = NonNullable<FormElement['field']>;
export type FormCondition = Item<{ items: FormElement['when'] }>;
export type SurveyView = Ok<'/v1/surveys/{token}', 'get'>;
export type ApprovalView = Ok<'/v1/approvals/{token}', 'get'>;
export type HeldMail = Item<Ok<'/v1/suspended-mails', 'get'>>;
export type HeldMailPreview = Ok<'/v1/suspended-mails/{id}', 'get'>;
export type Released = Ok<'/v1/suspended-mails/{id}/release', 'post'>;
export type MacroRan = Ok<'/v1/tickets/{id}/macros', 'post'>;
export type Notifications = Ok<'/v1/notifications', 'get'>;
export type Notification = Item<Notifications>;
export type Macro = Item<Ok<'/v1/macros', 'get'>>;
export type MacroPreview = Ok<'/v1/macros/{id}/preview', 'post'>;
export type QuickItem = Item<Ok<'/v1/quick', 'get'>>;
export type DeskView = Free<Item<Ok<'/v1/views', 'get'>>>;
export type ViewDraft = Sent<'/v1/views', 'post'>;
export type ViewTrial = Sent<'/v1/views/preview', 'post'>;
export type ViewPage = Ok<'/v1/views/{id}/tickets', 'get'>;
export type Heading = ViewPage['headings'][number];
export type CustomStatus = Item<Ok<'/v1/statuses', 'get'>>;
export type Field = Item<Ok<'/v1/fields', 'get'>>;
export type FieldValue = Ticket['fields'][string];
export type Product = Item<Ok<'/v1/products', 'get'>>;
export type Checklist = Item<Ok<'/v1/checklists', 'get'>>;
export type Found = Item<Ok<'/v1/search', 'get'>>;
export type Marked = Found['subject'];
export type Present = Item<Ok<'/v1/tickets/{id}/presence', 'put'>>;
export type Task = Item<{ items: Ticket['tasks'] }>;
export type Side = Item<{ items: Ticket['side_conversations'] }>;
export type Approval = Item<{ items: Ticket['approvals'] }>;
export type BulkOrder = Sent<'/v1/bulk', 'post'>;
export type BulkAction = BulkOrder['action'];
export type Bulk = Ok<'/v1/bulk/{id}', 'get'>;
export type TicketType = TicketRow['type'];
export type Level = NonNullable<TicketRow['impact']>;
export type LinkRelation = Sent<'/v1/tickets/{id}/links', 'post'>['relation'];

export const TYPES = ['request', 'incident', 'question', 'problem'] as const satisfies readonly TicketType[];
export const LEVELS = ['high', 'medium', 'low'] as const satisfies readonly Level[];
export const STATUSES = ['new', 'open', 'pending', 'on_hold', 'solved', 'closed'] as const satisfies readonly Status[];
export const METRICS = ['first_response', 'next_response', 'periodic_update', 'resolution', 'handoff'] as const satisfies readonly SlaMetric[];
export const PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const satisfies readonly Priority[];
