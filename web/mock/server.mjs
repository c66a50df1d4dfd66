// A desk to build the pages against without any backend: serves dist/, the sign-in and the API from memory.
// `PORT=8090 COUNT=60 node mock/server.mjs`. What it answers follows the API's description, nothing is kept.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { agents, categories, groups, heldMails, publicCategories, quick, seed } from './seed.mjs';

const PORT = Number(process.env.PORT ?? 8090);
const tickets = seed(Number(process.env.COUNT ?? 60));
const dist = new URL('../dist', import.meta.url).pathname;
const { policy } = JSON.parse(readFileSync(new URL('../headers.json', import.meta.url)));
const CSP = Object.entries(policy).map(([name, sources]) => [name, ...sources].join(' ')).join('; ');
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const ACTIVE = ['new', 'open', 'pending', 'on_hold'];
const DESK = 'Acme Support';
const sessions = new Map();
const requests = new Map();
let serial = 0;
const next = (kind) => `${kind}_new${(serial += 1)}`;
const now = () => new Date().toISOString();

class Problem extends Error {
  constructor(status, code, detail, errors = []) {
    super(code);
    Object.assign(this, { status, code, detail, errors });
  }
}

const page = (all, query, size = 50) => {
  const from = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? size);
  return { items: all.slice(from, from + limit), next_cursor: from + limit < all.length ? String(from + limit) : null };
};

function matches({ row, messages }, query, me) {
  const status = query.get('status');
  const statuses = status === 'active' ? ACTIVE : status === 'done' ? ['solved', 'closed'] : status ? [status] : null;
  if (statuses && !statuses.includes(row.status)) return false;
  const assignee = query.get('assignee');
  if (assignee && (assignee === 'none' ? row.assignee !== null : row.assignee !== (assignee === 'me' ? me.id : assignee))) return false;
  if (query.get('requester') && row.requester.id !== query.get('requester')) return false;
  if (query.get('group') && row.group !== query.get('group')) return false;
  const q = query.get('q')?.toLowerCase();
  const text = `#${row.number} ${row.subject} ${row.requester.name} ${row.requester.email} ${messages.map((message) => message.body_text).join(' ')}`.toLowerCase();
  return !q || q.split(/\s+/).every((word) => text.includes(word));
}

const FIELDS = ['category', 'group', 'priority', 'language', 'sentiment', 'spam'];
const triageSettings = {
  trained_at: now(),
  model: 12,
  items: FIELDS.map((field) => ({ field, mode: 'suggest', precision: 95, model: field === 'language' ? null : { texts: 2400, corrected: 85, seed: 0, sure_from: field === 'priority' ? null : 0.81, size: 412_000 } })),
};
const triageWeeks = ['2026-W45', '2026-W46', '2026-W47'].map((week, at) => ({
  week,
  solved: 310 + 12 * at,
  reassigned: 24 - 5 * at,
  complete: true,
  fields: FIELDS.map((field) => ({ field, judged: 300, accuracy: 0.88 + at / 100, coverage: 0.61 + at / 50, precision: 0.96, calibration_error: 0.021, acted: 0, corrected: 0 })),
}));

const found = (id) => {
  const entry = tickets.get(id);
  if (!entry) throw new Problem(404, 'not_found', 'There is no such ticket.');
  return entry;
};

function record(entry, type, actor, data, because = []) {
  entry.row.version += 1;
  entry.row.updated_at = now();
  entry.history.push({ id: next('evt'), seq: entry.history.length + 1, type, at: now(), actor, data, because });
}

function addMessage(entry, author, body, visibility, attachments = [], html = null) {
  const message = { id: next('msg'), at: now(), author, visibility, channel: 'web', body_text: body, body_html: html, quoted_text: null, attachments: attachments.map((id) => ({ id, filename: 'file.txt', content_type: 'text/plain', size: 1024, inline: false })), delivery: author.kind === 'agent' && visibility === 'public' ? 'queued' : null, send_at: null, automatic: false };
  entry.messages.push(message);
  entry.row.last_message = { at: message.at, author_kind: author.kind, visibility, preview: body.slice(0, 140) };
  record(entry, 'MessageAdded', author, { message_id: message.id });
  return message;
}

function change(entry, body, me) {
  const actor = { kind: 'agent', id: me.id, name: me.name };
  const types = { status: 'TicketStatusChanged', priority: 'TicketPriorityChanged', category: 'TicketCategoryChanged' };
  for (const [field, type] of Object.entries(types)) {
    if (field in body) record(entry, type, actor, { old: entry.row[field], new: body[field] }, [{ code: 'by_hand', params: {} }]);
  }
  if ('assignee' in body || 'group' in body) {
    record(entry, 'TicketAssigned', actor, { old_assignee: entry.row.assignee, new_assignee: body.assignee ?? ('assignee' in body ? null : entry.row.assignee), old_group: entry.row.group, new_group: body.group ?? entry.row.group });
  }
  if ('tags' in body) record(entry, 'TicketTagsChanged', actor, { added: body.tags.filter((tag) => !entry.row.tags.includes(tag)), removed: entry.row.tags.filter((tag) => !body.tags.includes(tag)) });
  Object.assign(entry.row, body);
}

function refuseIfNewer(entry, { visibility, seen_message_id: seen, confirm }, me) {
  const newer = entry.messages.slice(entry.messages.findIndex(({ id }) => id === seen) + 1).filter((message) => message.visibility === 'public' && message.author.id !== me.id);
  if (seen && !confirm && visibility === 'public' && newer.length > 0) throw Object.assign(new Problem(409, 'newer_message', 'Somebody else wrote since you read this ticket.'), { message_id: newer.at(-1).id });
}

/** Goes after its hold, is sent at once and delivered a little later; "please bounce" comes back. */
function answer(entry, { body, html, visibility, attachments, status, hold_seconds: hold = 0 }, me) {
  const message = addMessage(entry, { kind: 'agent', id: me.id, name: me.name }, body, visibility, attachments, html);
  const release = () => {
    if (message.delivery !== 'queued' || (message.send_at === null && hold > 0)) return;
    message.send_at = null;
    if (status) change(entry, { status }, me);
    message.delivery = body.includes('please bounce') ? 'bounced' : 'sent';
    if (message.delivery === 'sent') setTimeout(() => { message.delivery = 'delivered'; }, 6_000);
  };
  if (visibility !== 'public') {
    if (status) change(entry, { status }, me);
  } else if (hold > 0) {
    message.send_at = new Date(Date.now() + hold * 1_000).toISOString();
    releases.set(message.id, release);
    setTimeout(release, hold * 1_000 + 30_000);
  } else setTimeout(release, 1_500);
  return message;
}
const releases = new Map();

function undo(entry, other, me) {
  const message = entry.messages.find(({ id }) => id === other);
  if (message?.send_at == null) throw new Problem(409, 'conflict', 'It was sent already.');
  Object.assign(message, { delivery: 'withdrawn', send_at: null });
  record(entry, 'MessageWithdrawn', { kind: 'agent', id: me.id, name: me.name }, { message_id: other });
  return message;
}

let held = process.env.HELD === '0' ? [] : heldMails;
function heldBy(id) {
  const mail = held.find((other) => other.id === id);
  if (!mail) throw new Problem(404, 'not_found', 'There is no such mail.');
  return mail;
}

const whole = ({ row, extra }) => ({ body: { ...row, ...extra }, headers: { etag: `"${row.version}"` } });
const publicView = ({ row, messages }) => ({
  ticket: { id: row.id, number: row.number, status: row.status, subject: row.subject, created_at: row.created_at, updated_at: row.updated_at, expected_reply_by: row.sla.clocks[0]?.due_at ?? null },
  messages: messages.filter((message) => message.visibility === 'public').map(({ id, at, author, body_text, body_html, attachments }) => ({ id, at, author: { kind: author.kind, name: author.name }, body_text, body_html, attachments })),
});

const surveys = new Map([['open', { rating: null }], ['korean', { rating: null, locale: 'ko' }], ['answered', { rating: 4 }], ['expired', { expired: true, rating: null }]]);
function survey(token) {
  const known = surveys.get(token);
  if (!known) throw new Problem(404, 'not_found', 'There is no such survey.');
  return { ticket: { number: 1042, subject: 'Charged twice in November' }, state: known.expired ? 'expired' : known.rating ? 'answered' : 'open', rating: known.rating, locale: known.locale ?? 'en' };
}

const approval = { number: 1042, question: 'May we refund ₩ 90,000 to Min-su Kim for the broken lamp?', shown: 'Ordered on 2 November, delivered broken on the 9th.\nThe carrier has confirmed the damage.', asked_by: 'Jiwoo Park', asked_at: now(), due_at: '2026-11-24T09:00:00.000Z', state: 'open', verdict: null, comment: '', locale: 'en' };
const korean = { ...approval, question: '깨진 채 도착한 조명 값 90,000원을 김민수 님께 환불해도 될까요?', shown: '11월 2일에 주문하셨고 9일에 깨진 채 도착했어요.\n택배사에서도 파손을 확인했어요.', asked_by: '박지우', locale: 'ko' };
const approvals = new Map([['open', approval], ['korean', korean], ['approved', { ...approval, state: 'approved', verdict: 'approved' }], ['declined', { ...approval, state: 'declined' }], ['withdrawn', { ...approval, state: 'withdrawn' }]]);
function approvalOf(token) {
  const known = approvals.get(token);
  if (!known) throw token === 'expired' ? new Problem(410, 'gone', 'This link has expired.') : new Problem(401, 'unauthenticated', 'This link is not one of ours.');
  return known;
}

const TOLD = ['mentioned', 'assigned', 'requester_replied', 'sla_warned'];
const told = [...tickets.values()].slice(0, TOLD.length).map(({ row }, index) => ({
  id: `not_${index}`,
  kind: TOLD[index],
  at: new Date(Date.now() - (index + 1) * 47 * 60_000).toISOString(),
  ticket_id: row.id,
  number: row.number,
  subject: row.subject,
  actor: index < 2 ? { kind: 'agent', id: agents[1].id, name: agents[1].name } : { kind: index === 2 ? 'requester' : 'system', id: row.requester.id, name: index === 2 ? row.requester.name : null },
  message_id: null,
  read_at: index < 2 ? null : now(),
}));
const MAILED = ['mentioned', 'assigned', 'requester_replied', 'side_answered', 'answer_cancelled', 'task_due', 'approval_asked', 'approval_settled', 'sla_escalated', 'rated_low', 'pulse_asked', 'incident_suspected', 'hand_over_asked'];
const NOT_MAILED = ['followed_message', 'followed_change', 'woke', 'due', 'task_assigned', 'sla_warned', 'sla_breached', 'webhook_stopped'];
let tellings = [...MAILED, ...NOT_MAILED].map((kind) => ({ kind, page: true, mail: MAILED.includes(kind) }));
let signature = 'Mina Park\nAcme Support · https://acme.example';
const unread = () => told.filter((item) => item.read_at === null).length;

const BUILT_IN = [
  ['my-open', 'My open tickets', ({ assignee }, me) => assignee === me.id],
  ['unassigned-in-my-groups', 'Unassigned in my groups', ({ assignee }) => assignee === null],
  ['waiting-for-us', 'Waiting for an answer from us', ({ last_message }) => last_message?.author_kind === 'requester'],
  ['all-open', 'All open tickets', () => true],
].map(([id, title, holds], position) => ({ holds, view: { id, version: 1, title, name: title, names: { en: title }, folder: '', scope: 'shared', group: null, built_in: true, conditions: { all: [{ field: 'status', is_not: ['solved', 'closed'] }] }, sort: [], group_by: null, columns: [], position, uses: 0, editable: false, created_by: 'system', created_at: now(), updated_by: 'system', updated_at: now() } }));
const views = new Map(BUILT_IN.map((entry) => [entry.view.id, entry]));

/** A part of the conditions there are: enough to see a view being written. */
function holdsOf(tree) {
  if (tree.all) return (row, me) => tree.all.every((one) => holdsOf(one)(row, me));
  if (tree.any) return (row, me) => tree.any.some((one) => holdsOf(one)(row, me));
  if (tree.not) return (row, me) => !holdsOf(tree.not)(row, me);
  const words = (me, list) => list.map((word) => (word === 'me' ? me.id : word));
  if (tree.is) return (row, me) => words(me, [tree.is].flat()).includes(row[tree.field] ?? 'none');
  if (tree.is_not) return (row, me) => !words(me, [tree.is_not].flat()).includes(row[tree.field] ?? 'none');
  return () => true;
}

function viewPage({ holds, view }, query, me, size = 50) {
  const rows = [...tickets.values()].map(({ row }) => row).filter((row) => ACTIVE.includes(row.status) && holds(row, me));
  const by = view.group_by;
  const values = by ? [...new Set(rows.map((row) => row[by] ?? null))] : [];
  const sorted = by ? values.flatMap((value) => rows.filter((row) => (row[by] ?? null) === value)) : rows;
  const under = (value) => sorted.filter((row) => (row[by] ?? null) === value);
  const headings = values.map((value) => ({ value, count: under(value).length, first: view.firsts ? under(value)[0] : null }));
  return { ...page(sorted, query, size), count: rows.length, headings };
}

function viewFrom(body, id, version) {
  const view = { ...BUILT_IN[0].view, ...body, id, version, name: body.title, built_in: false, editable: true };
  const entry = { holds: holdsOf(body.conditions), view };
  views.set(id, entry);
  return view;
}

const drafts = new Map();
const none = () => ({ body: { items: [], next_cursor: null } });
const routes = [
  ['GET', '/v1/views', () => ({ body: { items: [...views.values()].map(({ view }) => view), next_cursor: null, folders: [] } })],
  ['POST', '/v1/views', ({ body }) => ({ status: 201, body: viewFrom(body, next('view'), 1) })],
  ['GET', '/v1/views/counts', ({ me }) => ({ body: { items: [...views.values()].map((entry) => ({ id: entry.view.id, count: viewPage(entry, new URLSearchParams(), me).count })), at: now() } })],
  ['POST', '/v1/views/preview', ({ body, me }) => ({ body: viewPage({ holds: holdsOf(body.conditions), view: body }, new URLSearchParams({ limit: String(body.limit) }), me) })],
  ['PUT', '/v1/views/:id', ({ id, body }) => ({ body: viewFrom(body, id, views.get(id).view.version + 1) })],
  ['DELETE', '/v1/views/:id', ({ id }) => {
    views.delete(id);
    return { status: 204 };
  }],
  ['GET', '/v1/views/:id/tickets', ({ id, query, me }) => {
    if (!views.has(id)) throw new Problem(404, 'not_found', 'There is no such view.');
    return { body: viewPage(views.get(id), query, me) };
  }],
  ['GET', '/v1/changes', () => ({ body: { items: [], left: [], kinds: [], next_cursor: 'now', more: false } })],
  ['GET', '/v1/tickets/:id/similar', none],
  ['GET', '/v1/tickets/:id/time', none],
  ['GET', '/v1/statuses', none],
  ['GET', '/v1/calendars', none],
  ['GET', '/v1/sla-policies', none],
  ['GET', '/v1/rules', none],
  ['GET', '/v1/articles', none],
  ['GET', '/v1/sections', none],
  ['GET', '/v1/settings/categories', none],
  ['GET', '/v1/suspected-incidents', none],
  ['GET', '/v1/me/pulses', none],
  ['GET', '/v1/tickets/:id/question', () => ({ body: { thread: null } })],
  ['GET', '/v1/triage-settings', () => ({ body: triageSettings })],
  ['GET', '/v1/reports/triage', () => ({ body: { items: triageWeeks } })],
  ['GET', '/v1/tickets/:id/triage', () => ({ body: { model: null, suggestions: [], abstained: [] } })],
  ['GET', '/v1/tickets/:id/alike', () => ({ body: { duplicates: [], suspicion: null } })],
  ['GET', '/v1/forms', none],
  ['GET', '/v1/plans', none],
  ['GET', '/v1/organizations', none],
  ['GET', '/v1/webhooks', none],
  ['GET', '/v1/canned-responses', none],
  ['GET', '/v1/mailboxes', none],
  ['GET', '/v1/products', none],
  ['GET', '/v1/fields', none],
  ['GET', '/v1/macros', none],
  ['GET', '/v1/tickets/:id/draft', ({ id, me }) => ({ body: { reply: null, note: null, ...drafts.get(me.id + id) } })],
  ['PUT', '/v1/tickets/:id/draft', ({ id, me, body }) => {
    const kept = drafts.get(me.id + id) ?? {};
    const draft = { body: body.body, version: (kept[body.kind]?.version ?? 0) + 1, updated_at: now() };
    drafts.set(me.id + id, { ...kept, [body.kind]: draft });
    return { body: draft };
  }],
  ['PUT', '/v1/tickets/:id/presence', none],
  ['GET', '/v1/search', ({ query, me }) => {
    const found = [...tickets.values()].filter((entry) => matches(entry, query, me)).map(({ row }) => ({ ticket: row, subject: { text: row.subject, ranges: [] }, excerpt: null, matched: [] }));
    return { body: { ...page(found, query, 20), unknown: [] } };
  }],
  ['GET', '/v1/notifications', () => ({ body: { items: told, next_cursor: null, unread: unread() } })],
  ['POST', '/v1/notifications/read', ({ body }) => {
    for (const item of told) if (body.all || body.ids?.includes(item.id)) item.read_at ??= now();
    return { body: { unread: unread() } };
  }],
  ['GET', '/v1/me/notification-preferences', () => ({ body: { items: tellings, next_cursor: null } })],
  ['PUT', '/v1/me/notification-preferences', ({ body }) => {
    tellings = tellings.map((one) => body.items.find(({ kind }) => kind === one.kind) ?? one);
    return { body: { items: tellings, next_cursor: null } };
  }],
  ['GET', '/v1/me/signature', () => ({ body: { text: signature } })],
  ['PUT', '/v1/me/signature', ({ body }) => {
    signature = body.text.trim();
    return { body: { text: signature } };
  }],
  ['GET', '/v1/me', ({ me }) => ({ body: { id: me.id, name: me.name, email: me.email, role: me.role, groups: me.groups, locale: 'en', desk: DESK, hold_seconds: 10, permissions: ['read', 'reply', 'write_notes', 'change_tickets', 'bulk_actions', 'supervise', 'change_settings'] } })],
  ['GET', '/v1/agents', () => ({ body: { items: agents, next_cursor: null } })],
  ['GET', '/v1/groups', () => ({ body: { items: groups, next_cursor: null } })],
  ['GET', '/v1/tickets', ({ query, me }) => {
    const all = [...tickets.values()].filter((entry) => matches(entry, query, me)).map(({ row }) => row);
    return { body: page(all.toSorted((one, other) => (one.updated_at < other.updated_at ? 1 : -1)), query) };
  }],
  ['GET', '/v1/tickets/:id', ({ id }) => whole(found(id))],
  ['PATCH', '/v1/tickets/:id', ({ id, body, me, request }) => {
    const entry = found(id);
    if (request.headers['if-match'] !== `"${entry.row.version}"`) throw new Problem(409, 'stale_version', 'The ticket changed meanwhile.');
    change(entry, body, me);
    return whole(entry);
  }],
  ['GET', '/v1/tickets/:id/messages', ({ id, query }) => ({ body: page(found(id).messages.toReversed(), query) })],
  ['POST', '/v1/tickets/:id/messages', ({ id, body, me }) => {
    const entry = found(id);
    if (body.body.includes('please fail')) throw new Problem(503, 'unavailable', 'The desk is busy.');
    refuseIfNewer(entry, body, me);
    return { status: 201, body: answer(entry, body, me) };
  }],
  ['POST', '/v1/tickets/:id/messages/:other/undo', ({ id, other, me }) => ({ body: undo(found(id), other, me) })],
  ['POST', '/v1/tickets/:id/messages/:other/send', ({ id, other }) => {
    releases.get(other)?.();
    return { body: found(id).messages.find((message) => message.id === other) };
  }],
  ['GET', '/v1/suspended-mails', ({ query }) => ({ body: page(held, query) })],
  ['GET', '/v1/suspended-mails/:id', ({ id }) => ({ body: heldBy(id) })],
  ['DELETE', '/v1/suspended-mails/:id', ({ id }) => {
    held = held.filter((mail) => mail !== heldBy(id));
    return { status: 204 };
  }],
  ['POST', '/v1/suspended-mails/:id/release', ({ id }) => {
    const mail = heldBy(id);
    held = held.filter((other) => other !== mail);
    return { body: { id, outcome: 'ticket', ticket_id: [...tickets.keys()][0], message_id: null } };
  }],
  ['POST', '/v1/suspended-mails/:id/block', ({ id, me }) => ({ body: { id: next('blk'), pattern: heldBy(id).sender, blocked_by: me.id, at: now() } })],
  ['GET', '/v1/quick', ({ query }) => {
    const words = (query.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    return { body: { items: quick.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word))), next_cursor: null } };
  }],
  ['POST', '/v1/canned-responses/:id/preview', ({ id, body }) => {
    const text = quick.find((item) => item.id === id).preview.replace('{{name}}', found(body.ticket_id).row.requester.name);
    return { body: { language: 'en', text, html: null, empty: [], fallbacks: [] } };
  }],
  ['POST', '/v1/tickets/:id/macros', ({ id, body, me }) => {
    const entry = found(id);
    const message = answer(entry, { body: 'Your parcel is on its way again.', visibility: 'public', hold_seconds: body.hold_seconds, status: 'pending' }, me);
    return { body: { ticket_id: id, version: entry.row.version, changes: [], message } };
  }],
  ['POST', '/v1/tickets/:id/participants', ({ id, body, me }) => {
    const entry = found(id);
    entry.extra.participants = [...entry.extra.participants, { id: next('req'), name: body.name ?? null, email: body.email, undeliverable: false, complained: false }];
    record(entry, 'ParticipantAdded', { kind: 'agent', id: me.id, name: me.name }, {});
    return whole(entry);
  }],
  ['DELETE', '/v1/tickets/:id/participants/:other', ({ id, other, me }) => {
    const entry = found(id);
    entry.extra.participants = entry.extra.participants.filter((person) => person.id !== other);
    record(entry, 'ParticipantRemoved', { kind: 'agent', id: me.id, name: me.name }, {});
    return whole(entry);
  }],
  ['GET', '/v1/tickets/:id/history', ({ id, query }) => ({ body: page(found(id).history.toReversed(), query, 100) })],
  ['GET', '/v1/tickets/:id/attachments/:other', () => ({ body: { url: '/favicon.svg', expires_at: now() } })],
];
const openRoutes = [
  ['GET', '/v1/portal/site', () => ({ body: { brand: null, name: DESK, languages: ['en', 'ko', 'ja'], colours: null, logo_url: null, title: null, lead: null, footer: null, links: [], community: false } })],
  ['GET', '/v1/categories', ({ query, me }) => {
    if (me) return { body: { items: categories, next_cursor: null } };
    const rows = publicCategories[query.get('locale')] ?? publicCategories.en;
    return { body: { items: rows.map(([id, name, description]) => ({ id, name, description })) } };
  }],
  ['POST', '/v1/uploads', () => ({ status: 201, body: { id: next('upl'), url: `http://127.0.0.1:${PORT}/_mock/upload`, fields: { key: 'k' } } })],
  ['POST', '/_mock/upload', () => ({ status: 204 })],
  ['POST', '/v1/requests', ({ body }) => {
    if (!/@/.test(body.requester?.email ?? '')) throw new Problem(422, 'invalid', 'Some fields are not right.', [{ pointer: '/requester/email', message: 'is not an e-mail address' }]);
    if (body.subject === 'flood') throw new Problem(429, 'rate_limited', 'Too many requests.');
    const entry = [...seed(1).values()][0];
    entry.row.id = next('tic');
    Object.assign(entry.row, { number: 2000 + serial, subject: body.subject, status: 'new', assignee: null, created_at: now(), requester: { id: next('req'), name: body.requester.name ?? null, email: body.requester.email } });
    entry.messages = [];
    entry.history = [];
    tickets.set(entry.row.id, entry);
    addMessage(entry, { kind: 'requester', id: entry.row.requester.id, name: entry.row.requester.name }, body.body, 'public', body.attachments);
    const access_token = `key-${entry.row.id}`;
    requests.set(access_token, entry.row.id);
    return { status: 201, body: { ticket: publicView(entry).ticket, access_token } };
  }],
  ['GET', '/v1/requests/:id', ({ id, token }) => ({ body: publicView(mayRead(id, token)) })],
  ['POST', '/v1/requests/:id/messages', ({ id, token, body }) => {
    const entry = mayRead(id, token);
    const message = addMessage(entry, { kind: 'requester', id: entry.row.requester.id, name: entry.row.requester.name }, body.body, 'public', body.attachments);
    if (entry.row.status === 'solved' || entry.row.status === 'pending') entry.row.status = 'open';
    return { status: 201, body: { ticket: publicView(entry).ticket, message, access_token: null } };
  }],
  ['GET', '/v1/requests/:id/attachments/:other', () => ({ body: { url: '/favicon.svg', expires_at: now() } })],
  ['GET', '/v1/approvals/:id', ({ id }) => ({ body: approvalOf(id) })],
  ['POST', '/v1/approvals/:id', ({ id, body }) => {
    if (approvalOf(id).state !== 'open') throw new Problem(409, 'conflict', 'It is settled already.');
    approvals.set(id, { ...approvalOf(id), ...body });
    return { body: approvalOf(id) };
  }],
  ['GET', '/v1/surveys/:id', ({ id }) => ({ body: survey(id) })],
  ['POST', '/v1/surveys/:id', ({ id, body }) => {
    if (survey(id).state !== 'open') throw new Problem(409, 'already_answered', 'This survey was answered.');
    surveys.set(id, { rating: body.rating });
    return { body: survey(id) };
  }],
];

function mayRead(id, token) {
  const [first] = tickets.keys();
  if (token === 'demo') return found(id === 'demo' ? first : id);
  if (token === 'expired') throw new Problem(401, 'token_expired', 'This link is no longer valid.');
  if (requests.get(token) !== id) throw new Problem(401, 'unauthorized', 'This link is not valid.');
  return found(id);
}

function route(method, path, table) {
  for (const [wanted, pattern, handle] of table) {
    const names = [...pattern.matchAll(/:(\w+)/g)].map((match) => match[1]);
    const match = new RegExp(`^${pattern.replaceAll(/:\w+/g, '([^/]+)')}$`).exec(path);
    if (wanted === method && match) return { handle, params: Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1])])) };
  }
  return null;
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const type = request.headers['content-type'] ?? '';
  if (type.includes('json') && text) return JSON.parse(text);
  return type.includes('urlencoded') ? Object.fromEntries(new URLSearchParams(text)) : {};
}

function signInPage(url) {
  const back = new URL(url.searchParams.get('redirect_uri'));
  const links = agents.map((agent) => {
    back.search = new URLSearchParams({ code: agent.id, state: url.searchParams.get('state') }).toString();
    return `<li><a href="${back.href.replaceAll('&', '&amp;')}">${agent.name} · ${agent.role}</a></li>`;
  });
  return `<!doctype html><meta charset="utf-8"><title>Sign in</title><h1>Who are you?</h1><ul>${links.join('')}</ul>`;
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, `http://${request.headers.host}`);
  const path = url.pathname;
  const send = (status, body, headers = {}) => {
    const json = typeof body === 'object';
    response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers });
    response.end(body === undefined ? '' : json ? JSON.stringify(body) : body);
  };
  try {
    if (path === '/config.json') {
      const oidc = { authorization_endpoint: '/_local/oidc/authorize', token_endpoint: '/_local/oidc/token', client_id: 'desk', scope: 'openid' };
      return send(200, { oidc, api: '/v1', brand: { name: 'Help desk' } });
    }
    if (path === '/_local/oidc/authorize') return send(200, signInPage(url));
    const body = await bodyOf(request);
    if (path === '/_local/oidc/token') {
      const agent = agents.find(({ id }) => id === (body.code ?? sessions.get(body.refresh_token)?.id));
      if (!agent) return send(400, { error: 'invalid_grant' });
      const access_token = next('access');
      sessions.set(access_token, agent);
      sessions.set(`r-${access_token}`, agent);
      return send(200, { access_token, refresh_token: `r-${access_token}`, expires_in: 3600, token_type: 'Bearer' });
    }
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const me = sessions.get(token);
    const open = route(request.method, path, openRoutes);
    const closed = route(request.method, path, routes);
    if (open || closed) {
      if (!open && !me) throw new Problem(401, 'unauthorized', 'Sign in first.');
      const { handle, params } = open ?? closed;
      const answer = handle({ ...params, query: url.searchParams, body, me, token, request });
      return send(answer.status ?? 200, answer.body, answer.headers);
    }
    if (path.startsWith('/v1/')) throw new Problem(404, 'not_found', 'There is no such address.');
    const file = dist + path;
    const asset = extname(path) !== '' && existsSync(file) && statSync(file).isFile();
    const shown = asset ? file : `${dist}/${path.startsWith('/portal') ? 'portal/' : ''}index.html`;
    response.writeHead(200, { 'content-type': TYPES[extname(shown)] ?? 'application/octet-stream', 'content-security-policy': CSP });
    return createReadStream(shown).pipe(response);
  } catch (cause) {
    const { status = 500, code = 'internal', detail = String(cause), errors = [], message_id = null } = cause;
    return send(status, { type: 'about:blank', title: code, status, detail, code, errors, message_id }, { 'content-type': 'application/problem+json' });
  }
});

// With NEWS=1 someone answers in the newest ticket every twenty seconds.
if (process.env.NEWS === '1') {
  setInterval(() => {
    const entry = [...tickets.values()][0];
    addMessage(entry, { kind: 'requester', id: entry.row.requester.id, name: entry.row.requester.name }, `Any news? (${now()})`, 'public');
  }, 20_000);
}
server.listen(PORT, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${PORT}\n`));
