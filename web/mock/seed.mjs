// Tickets to look at while building the pages: long, short, late, foreign, with HTML mail. Nothing here is real.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const agents = [
  { id: 'ag_mina', name: 'Mina Park', email: 'agent@desk.test', role: 'agent', groups: ['gr_billing', 'gr_tech'], available: true, open_tickets: 0, capacity: 20, absences: [], substitute: null },
  { id: 'ag_jonas', name: 'Jonas Weber', email: 'agent2@desk.test', role: 'agent', groups: ['gr_tech'], available: true, open_tickets: 0, capacity: 20, absences: [], substitute: null },
  { id: 'ag_sora', name: '田中 そら', email: 'supervisor@desk.test', role: 'supervisor', groups: ['gr_billing'], available: false, open_tickets: 0, capacity: 15, absences: [], substitute: null },
  { id: 'ag_admin', name: 'Ada Okafor', email: 'admin@desk.test', role: 'admin', groups: [], available: true, open_tickets: 0, capacity: 10, absences: [], substitute: null },
];
export const groups = [
  { id: 'gr_billing', name: 'Billing' },
  { id: 'gr_tech', name: 'Technical support' },
  { id: 'gr_orders', name: 'Orders and returns' },
];
export const categories = [
  { id: 'billing', name: 'Billing and invoices', group: 'gr_billing' },
  { id: 'technical', name: 'Something does not work', group: 'gr_tech' },
  { id: 'orders', name: 'Orders and returns', group: 'gr_orders' },
  { id: 'account', name: 'My account', group: 'gr_tech' },
];
export const publicCategories = {
  en: [
    ['billing', 'Billing and invoices', 'Charges, invoices, refunds'],
    ['technical', 'Something does not work', 'Errors, outages, questions on how'],
    ['orders', 'Orders and returns', 'Delivery, exchange, cancellation'],
    ['account', 'My account', 'Sign-in, e-mail address, deletion'],
  ],
  ko: [
    ['billing', '결제와 청구서', '결제 내역, 청구서, 환불'],
    ['technical', '작동하지 않아요', '오류, 장애, 사용 방법'],
    ['orders', '주문과 반품', '배송, 교환, 취소'],
    ['account', '내 계정', '로그인, 이메일 주소, 탈퇴'],
  ],
  ja: [
    ['billing', 'お支払いと請求書', '請求、領収書、返金'],
    ['technical', '動作しない', 'エラー、障害、使い方'],
    ['orders', '注文と返品', '配送、交換、キャンセル'],
    ['account', 'アカウント', 'ログイン、メールアドレス、退会'],
  ],
};

const newsletter = `<div style="font-family:Georgia,serif"><p>Hello,</p>
<p>I was charged <b style="color:#b00020">twice</b> for November. Here is what my bank shows:</p>
<table border="1" cellpadding="6" style="border-collapse:collapse"><tr style="background:#eef"><th align="left">Date</th><th align="left">Text</th><th align="right">Amount</th></tr>
<tr><td>Nov 1</td><td>ACME SUBSCRIPTION</td><td align="right">49.00</td></tr><tr><td>Nov 3</td><td>ACME SUBSCRIPTION</td><td align="right">49.00</td></tr></table>
<p>Could you please refund one of them? <img data-remote-src="https://example.com/pixel.gif" alt=""></p><p>Kind regards<br>Amélie Dubois</p></div>`;
const plainHtml = '<p>Thanks, that explains it. Two more things:</p><ul><li>the invoice should say <i>Dubois SARL</i></li><li>please send it to <a href="mailto:compta@dubois.test">compta@dubois.test</a></li></ul>';

const LONG = 'x'.repeat(60) + 'aVeryLongSubjectWithoutAnySpaceThatSomeMonitoringSystemProducedAndThatMustNotBreakTheLayoutOfAnyPane'.repeat(2).slice(0, 140);
/** [name, address, subject, body, language, category, group, tags] */
const matters = [
  ['Amélie Dubois', 'amelie@dubois.test', 'Charged twice in November', 'Hello,\n\nI was charged twice for November: once on the 1st and once on the 3rd. Could you please refund one of them?\n\nKind regards\nAmélie', 'fr', 'billing', 0, ['refund', 'vip']],
  ['김서연', 'seoyeon@hanmail.test', '환불은 언제 입금되나요?', '안녕하세요.\n\n지난주 화요일에 상품을 반품했는데 아직 환불이 되지 않았어요. 카드사에 물어보니 접수된 내용이 없다고 합니다. 언제쯤 받을 수 있을까요?\n\n감사합니다.', 'ko', 'orders', 2, ['refund']],
  ['佐藤 健太', 'kenta.sato@mail.test', 'ログインできません(パスワード再設定メールが届かない)', 'お世話になっております。\n\nパスワードの再設定を試みましたが、メールが届きません。迷惑メールフォルダーも確認しました。ご確認をお願いいたします。', 'ja', 'account', 1, ['sign-in']],
  ['أحمد عبد الرحمن', 'ahmed@bareed.test', 'لا أستطيع الدخول إلى حسابي منذ أمس', 'مرحبا،\n\nلا أستطيع الدخول إلى حسابي منذ أمس. تظهر رسالة خطأ في كل مرة. أرجو المساعدة.', 'ar', 'account', 1, ['sign-in']],
  ['Oluwaseun Adeyemi-Blackwood', 'olu@adeyemi.test', 'Export fails as soon as a report covers more than ninety days', 'Every export that covers more than 90 days ends with "504 Gateway Timeout". Shorter ones work.\n\nSteps: https://app.example.test/reports → Export → CSV.', 'en', 'technical', 1, ['export']],
  [null, 'monitoring@example.test', LONG, 'PROBLEM: disk usage on db-3 is 91 %.\nPROBLEM: disk usage on db-4 is 93 %.', 'en', 'technical', 1, []],
  ['Priya Raghunathan', 'priya@studio.test', 'Change the address of order 88213', 'Hi! I moved last week and forgot to change my address. Order 88213 should go to 14 Mill Lane instead. Is that still possible?', 'en', 'orders', 2, []],
  ['Lars Østergård', 'lars@oester.test', 'Where do I find my VAT invoices?', 'Our accountant needs all invoices of this year with VAT. I found the receipts, but not the invoices.', 'da', 'billing', 0, ['invoice']],
  ['박지훈', 'jihoon@example.test', '사진을 첨부하면 앱이 꺼져요', '사진을 두 장 이상 첨부하면 앱이 바로 종료돼요. 휴대폰은 갤럭시 S24이고 앱은 최신 버전이에요.', 'ko', 'technical', 1, ['mobile']],
  ['Hannah Lindqvist', 'hannah@lindqvist.test', 'Webhook deliveries arrive twice', 'Since Monday each webhook arrives two times, about four seconds apart, with the same id. Did something change on your side?', 'sv', 'technical', 1, ['webhooks']],
  ['鈴木 美咲', 'misaki@mail.test', '領収書の宛名を変更したい', '領収書の宛名を会社名に変更していただくことは可能でしょうか。よろしくお願いいたします。', 'ja', 'billing', 0, ['invoice']],
  ['Tomás Herrera', 'tomas@herrera.test', 'The parcel says delivered, but nothing came', 'Tracking says the parcel was handed over yesterday at 14:02. I was at home all day and nobody rang. My neighbours do not have it either.', 'es', 'orders', 2, ['delivery']],
];

const id = (kind, number) => `${kind}_${String(number).padStart(6, '0')}`;
const iso = (time) => new Date(time).toISOString();
const pick = (list, index) => list[index % list.length];

function clocksOf(kind, created) {
  const clock = (metric, state, due, extra = {}) => ({ metric, state, due_at: due === null ? null : iso(due), remaining_seconds: null, breached_at: null, met_at: null, ...extra });
  const now = Date.now();
  switch (kind) {
    case 'late':
      return [clock('first_response', 'breached', now - 65 * MINUTE, { breached_at: iso(now - 65 * MINUTE) }), clock('resolution', 'running', now + 7 * HOUR)];
    case 'soon':
      return [clock('first_response', 'running', created + 118 * MINUTE), clock('resolution', 'running', now + 22 * HOUR)];
    case 'calm':
      return [clock('first_response', 'met', created + HOUR, { met_at: iso(created + 30 * MINUTE) }), clock('next_response', 'running', now + ((created / 1000) % 7) * HOUR + 50 * MINUTE), clock('resolution', 'running', now + 3 * DAY)];
    case 'paused':
      return [clock('first_response', 'met', created + HOUR, { met_at: iso(created + 20 * MINUTE) }), clock('resolution', 'paused', null, { remaining_seconds: 9 * 3600 })];
    default:
      return [clock('first_response', 'met', created + HOUR, { met_at: iso(created + 30 * MINUTE) }), clock('resolution', 'met', created + DAY, { met_at: iso(created + 5 * HOUR) })];
  }
}

function conversation(number, index, created, requester, assignee, matter) {
  const messages = [];
  const add = (minutes, author, visibility, text, more = {}) =>
    messages.push({ id: id('msg', number * 100 + messages.length), at: iso(created + minutes * MINUTE), author, visibility, channel: author.kind === 'requester' ? pick(['email', 'web', 'email'], index) : 'web', body_text: text, body_html: null, quoted_text: null, attachments: [], delivery: author.kind === 'agent' && visibility === 'public' ? 'sent' : null, ...more });
  const customer = { kind: 'requester', id: requester.id, name: requester.name };
  const agent = (who) => ({ kind: 'agent', id: who.id, name: who.name });
  if (index === 0) {
    add(0, customer, 'public', matter[3], { body_html: newsletter, attachments: [{ id: 'att_1', filename: 'bank-statement-november.pdf', content_type: 'application/pdf', size: 284_113, inline: false }, { id: 'att_2', filename: 'screenshot of the payment page as it looked on my phone yesterday.png', content_type: 'image/png', size: 24_900_000, inline: false }] });
    add(14, agent(agents[0]), 'internal', 'Both charges are in the ledger: the second one is the retry after the card expired. Refund is fine, see https://ledger.example.test/49');
    add(22, agent(agents[0]), 'public', 'Hello Amélie,\n\nthank you for the table, that helped. The second charge was a retry that should not have happened: I have refunded it today, and it reaches your account within three working days.\n\nKind regards\nMina', {});
    add(64, customer, 'public', 'Thanks, that explains it.', { body_html: plainHtml, quoted_text: '> Hello Amélie,\n>\n> thank you for the table, that helped. The second charge was a retry\n> that should not have happened.' });
    add(70, agent(agents[1]), 'internal', 'Jonas here: the retry bug is #1038, the fix goes out on Tuesday.');
  } else {
    add(0, customer, 'public', matter[3]);
    if (index % 3 === 1) add(35, agent(assignee ?? agents[0]), 'public', 'Thank you for writing. I am looking into it and will be back within the hour.');
    if (index % 9 === 4) for (let n = 0; n < 60; n += 1) add(60 + n, n % 2 ? agent(agents[0]) : customer, 'public', `${n + 1}. ${pick(matters, n)[3]}`);
  }
  return messages;
}

function historyOf(number, row, requester, messages) {
  const desk = { kind: 'system', id: 'router', name: null };
  const events = [];
  const add = (type, at, actor, data, because = []) => events.push({ id: id('evt', number * 100 + events.length), seq: events.length + 1, type, at: iso(at), actor, data, because });
  const created = Date.parse(row.created_at);
  add('TicketOpened', created, { kind: 'requester', id: requester.id, name: requester.name }, { channel: row.channel });
  if (row.assignee) {
    add('TicketAssigned', created + 2_000, desk, { old_assignee: null, new_assignee: row.assignee, old_group: null, new_group: row.group }, [{ code: 'group_by_category', params: { category: row.category } }, { code: 'least_busy', params: { open: 3, among: 4 } }]);
    add('TicketPriorityChanged', created + 8 * MINUTE, { kind: 'agent', id: row.assignee, name: null }, { old: 'normal', new: row.priority });
    add('TicketTagsChanged', created + 9 * MINUTE, { kind: 'agent', id: row.assignee, name: null }, { added: row.tags, removed: [] });
    add('TicketStatusChanged', created + 22 * MINUTE, { kind: 'agent', id: row.assignee, name: null }, { old: 'new', new: 'open' }, [{ code: 'answered', params: {} }]);
  }
  if (row.sla.clocks.some((clock) => clock.breached_at)) add('SlaBreached', Date.now() - 65 * MINUTE, { kind: 'system', id: 'sweeper', name: null }, { metric: 'first_response' });
  for (const message of messages) add('MessageAdded', Date.parse(message.at), message.author, { message_id: message.id });
  return events;
}

export function seed(count) {
  const tickets = new Map();
  for (let index = 0; index < count; index += 1) {
    const number = 1042 + count - index;
    const matter = pick(matters, index);
    const [name, email] = matter;
    const requester = { id: id('req', index % matters.length), name, email };
    const kind = pick(['calm', 'late', 'soon', 'paused', 'calm', 'soon', 'paused', 'done', 'calm'], index);
    const created = Date.now() - (kind === 'late' ? 3 * HOUR + (index % 90) * MINUTE : kind === 'soon' ? (100 - (index % 90)) * MINUTE : 2 * HOUR + index * 47 * MINUTE);
    const assignee = kind === 'soon' ? null : pick([agents[0], agents[0], agents[1], agents[2]], index);
    const status = { calm: 'open', late: 'open', soon: 'new', paused: index % 2 ? 'pending' : 'on_hold', done: 'solved' }[kind];
    const row = {
      id: id('tic', number), number, subject: matter[2], status,
      priority: pick(['normal', 'urgent', 'high', 'low', 'normal', 'normal'], index), type: 'request', channel: pick(['email', 'web', 'email', 'api'], index),
      category: matter[5], group: groups[matter[6]].id, assignee: assignee?.id ?? null, requester,
      tags: matter[7], version: 5, created_at: iso(created), updated_at: iso(created + 40 * MINUTE),
      custom_status: null, impact: null, urgency: null, product: null, due_at: null, snoozed: false, snoozed_until: null, snoozed_by: null, fields: {},
      last_message: null, sla: { policy: 'standard', clocks: clocksOf(kind, created), next_due_at: null },
    };
    const messages = conversation(number, index, created, requester, assignee, matter);
    const last = messages.at(-1);
    row.last_message = { at: last.at, author_kind: last.author.kind, visibility: last.visibility, preview: last.body_text.replaceAll(/\s+/g, ' ').slice(0, 140) };
    row.updated_at = last.at;
    const extra = {
      followers: [], tasks: [], approvals: [], side_conversations: [], held: [], merged_into: null, merged_from: [], organization: null, time_seconds: 0, billable_seconds: 0, participants: index % 4 === 0 ? [{ id: 'req_cc1', name: 'Noor Haddad', email: 'noor@haddad.test', undeliverable: false, complained: false }] : [], linked_tickets: index === 0 ? [{ id: id('tic', number - 3), number: number - 3, relation: 'follows' }] : [], solved_at: null, closed_at: null,
      rating: kind === 'done' ? { rating: 4, comment: 'Quick and friendly, thank you!' } : null, language: matter[4],
    };
    tickets.set(row.id, { row, extra, messages, history: historyOf(number, row, requester, messages) });
    const owner = agents.find((agent) => agent.id === row.assignee);
    if (owner && !['solved', 'closed'].includes(status)) owner.open_tickets += 1;
  }
  return tickets;
}

const verdicts = (more = {}) => ({ spam: 'PASS', virus: 'PASS', spf: 'PASS', dkim: 'PASS', dmarc: 'PASS', ...more });
const heldMail = (number, sender, sender_name, subject, reasons, more = {}) => ({
  id: id('mail', number), received_at: iso(Date.now() - number * 47 * MINUTE), sender, sender_name, recipients: ['help@acme.test'], subject, size: 18_204, reasons, verdicts: verdicts(), headers: [],
  body_text: 'Hello,\n\nmy invoice of October seems to be missing.\n\nThank you', body_html: null, remote_images: false, attachments: [], automatic: null, problems: [], shortened: false, ...more,
});

/** Mail that was held back: forged, spam with pictures from elsewhere, blocked, without a sender, too large to be read. */
export const heldMails = [
  heldMail(1, 'ceo@acme.test', '대표이사', 'Urgent: change of bank details', ['sender_not_authenticated'], { verdicts: verdicts({ spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL' }), attachments: [{ filename: 'invoice-2026-11.pdf', content_type: 'application/pdf', size: 91_220, inline: false }, { filename: 'details-of-the-new-account-which-has-a-very-long-name-indeed-without-any-space.docx', content_type: 'application/octet-stream', size: 24_512, inline: false }] }),
  heldMail(2, 'deals@cheap-watches.test', 'Cheap Watches', 'You have been selected!!!', ['spam', 'sender_not_authenticated'], { verdicts: verdicts({ spam: 'FAIL', dkim: 'GRAY' }), remote_images: true, body_html: '<h2 style="color:#b00">You have been selected</h2><p>Your watch waits. <a href="https://cheap-watches.test">Click here</a></p><img data-remote-src="https://cheap-watches.test/pixel.gif" alt="">' }),
  heldMail(3, 'angry@former-customer.test', null, 'Once more', ['blocked_sender']),
  heldMail(4, null, null, null, ['no_sender', 'empty'], { body_text: '' }),
  heldMail(5, 'films@studio.test', 'Studio', 'Raw footage', ['too_large'], { size: 48_000_000, body_text: null, verdicts: verdicts({ spam: 'DISABLED', virus: 'PROCESSING_FAILED' }) }),
];

export const quick = [
  { kind: 'canned_response', id: 'can_1', title: 'Refund on its way', folder: 'Billing', scope: 'everyone', preview: 'Hello,\n\nyour refund is on its way and reaches your account within three working days.', uses: 41 },
  { kind: 'canned_response', id: 'can_2', title: 'Refund refused', folder: 'Billing', scope: 'everyone', preview: 'Hello,\n\nwe cannot refund this order because it was placed more than 90 days ago.', uses: 12 },
  { kind: 'macro', id: 'mac_1', title: 'Send the parcel again', folder: 'Orders', scope: 'everyone', preview: 'Your parcel is on its way again.', uses: 8 },
  { kind: 'canned_response', id: 'can_3', title: '비밀번호 재설정 안내', folder: '계정', scope: 'everyone', preview: '안녕하세요. 비밀번호는 로그인 화면의 ‘비밀번호 찾기’에서 재설정하실 수 있어요.', uses: 5 },
];
