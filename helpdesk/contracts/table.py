"""The one table: every key and every index of the desk is spelt here and nowhere else.

Keys read as paths: an entity type, `#`, an id. Instants inside sort keys are RFC 3339 with milliseconds and `Z`, so
that text order is time order. docs/data-model.md says which access pattern each of them serves.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PARTITION_KEY: Final = "pk"
SORT_KEY: Final = "sk"
TTL_ATTRIBUTE: Final = "expires_at"

DUE_SHARDS: Final = 8
"""Partitions of the clocks' index. 8 x 1,000 writes a second is far above 10,000 clocks due in one minute."""

FAR_FUTURE: Final = "9999-12-31T23:59:59.999Z"
"""Sorts a ticket without a running clock behind all that have one."""


class Projection(StrEnum):
    """What an index carries beside the keys."""

    KEYS_ONLY = "KEYS_ONLY"
    INCLUDE = "INCLUDE"


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index. Its key attributes are written on the items that shall appear in it, so it is sparse."""

    name: str
    partition_key: str
    sort_key: str
    projection: Projection
    include: tuple[str, ...] = ()


ROW_ATTRIBUTES: Final = ("row", "version")
"""What a list shows of a ticket, ready to be served: one JSON document and the version it is of."""

BY_GROUP: Final = Index("by_group", "group_pk", "group_sk", Projection.INCLUDE, ROW_ATTRIBUTES)
BY_ASSIGNEE: Final = Index("by_assignee", "assignee_pk", "assignee_sk", Projection.INCLUDE, ROW_ATTRIBUTES)
BY_STATE: Final = Index("by_state", "state_pk", "state_sk", Projection.INCLUDE, ROW_ATTRIBUTES)
BY_REQUESTER: Final = Index("by_requester", "requester_pk", "requester_sk", Projection.KEYS_ONLY)
BY_REFERENCE: Final = Index("by_reference", "reference_pk", "reference_sk", Projection.KEYS_ONLY)
"""An organization's tickets (snapshots are in it), a ticket by its number (its first event is), a month's raw mail, an
agent's bulk actions."""
BY_DUE: Final = Index("by_due", "due_pk", "due_sk", Projection.KEYS_ONLY)
BY_CHANGE: Final = Index("by_change", "change_pk", "change_sk", Projection.KEYS_ONLY)

INDEXES: Final = (BY_GROUP, BY_ASSIGNEE, BY_STATE, BY_REQUESTER, BY_REFERENCE, BY_DUE, BY_CHANGE)


@dataclass(frozen=True, slots=True)
class Key:
    """A primary key."""

    pk: str
    sk: str


# --- tickets ---------------------------------------------------------------------------------------------------------

TICKET_SORT_KEY: Final = "TICKET"
MESSAGE_PREFIX: Final = "MESSAGE#"
EVENT_PREFIX: Final = "EVENT#"
CONVERSATION_FIRST: Final = MESSAGE_PREFIX
CONVERSATION_LAST: Final = TICKET_SORT_KEY
"""Between these two sort keys lie a ticket's messages and, as the last of them, its snapshot: read backwards, one query
gives the snapshot and the newest messages."""


def ticket_partition(ticket_id: str) -> str:
    """The partition that holds all of a ticket."""
    return f"TICKET#{ticket_id}"


def ticket_key(ticket_id: str) -> Key:
    """The ticket's snapshot."""
    return Key(ticket_partition(ticket_id), TICKET_SORT_KEY)


def message_key(ticket_id: str, message_id: str) -> Key:
    """A message; its id is a ULID, so messages sort by time."""
    return Key(ticket_partition(ticket_id), f"{MESSAGE_PREFIX}{message_id}")


SIDE_MESSAGES_PREFIX: Final = "ASIDE#"


def side_messages_prefix(side_id: str) -> str:
    """Before a side conversation's messages. They sort apart from the ticket's own: nobody reads both by mistake."""
    return f"{SIDE_MESSAGES_PREFIX}{side_id}#"


def side_message_key(ticket_id: str, side_id: str, message_id: str) -> Key:
    """A message of a side conversation."""
    return Key(ticket_partition(ticket_id), f"{side_messages_prefix(side_id)}{message_id}")


def event_key(ticket_id: str, seq: int) -> Key:
    """A ticket's seq-th event, counted from 1."""
    return Key(ticket_partition(ticket_id), f"{EVENT_PREFIX}{seq:08d}")


TIME_PREFIX: Final = "TIME#"


def time_key(ticket_id: str, entry_id: str) -> Key:
    """Time that somebody spent on a ticket."""
    return Key(ticket_partition(ticket_id), f"{TIME_PREFIX}{entry_id}")


def ticket_id_of(partition: str) -> str:
    """The ticket a partition belongs to."""
    return partition.removeprefix("TICKET#")


def group_list(group: str | None, *, done: bool) -> str:
    """Tickets of a group (None: of no group), open or done."""
    return f"GROUP#{group or '-'}#{'DONE' if done else 'OPEN'}"


def assignee_list(assignee: str | None, *, done: bool) -> str:
    """Tickets of an assignee, open or done. Unassigned open tickets have a list of their own."""
    return f"ASSIGNEE#{assignee or '-'}#{'DONE' if done else 'OPEN'}"


def state_list_open() -> str:
    """All tickets that are not done."""
    return "STATE#OPEN"


def state_list_done(month: str) -> str:
    """Tickets solved in a month, given as `2026-11`."""
    return f"STATE#DONE#{month}"


def requester_list(person_id: str) -> str:
    """A requester's tickets."""
    return f"REQUESTER#{person_id}"


def organization_list(organization_id: str) -> str:
    """An organization's tickets."""
    return f"ORGANIZATION#{organization_id}"


PART_PREFIX: Final = "INCIDENT#"


def part_key(incident_id: str, ticket_id: str) -> Key:
    """A ticket that is part of an incident, in the incident's partition: however many, the incident's own item is light."""
    return Key(ticket_partition(incident_id), f"{PART_PREFIX}{ticket_id}")


def number_reference(number: int) -> str:
    """A ticket by its number."""
    return f"NUMBER#{number}"


def due_partition(shard: int) -> str:
    """One shard of the clocks."""
    return f"DUE#{shard}"


def due_shard(entity_id: str) -> int:
    """The shard an id's clocks live in."""
    return hashlib.sha256(entity_id.encode()).digest()[0] % DUE_SHARDS


def due_sort(at: str, entity_id: str) -> str:
    """Sorts clocks by instant, and apart from one another."""
    return f"{at}#{entity_id}"


def due_instant_of(sort_key: str) -> str:
    """The instant that a clock's sort key begins with."""
    return sort_key.partition("#")[0]


def change_partition() -> str:
    """The feed of changed tickets. One partition: a desk changes well under 1,000 tickets a second."""
    return "CHANGES"


def change_sort(at: str, ticket_id: str, version: int) -> str:
    """Sorts the feed by instant of change; the version tells whether somebody who knows the ticket knows it so."""
    return f"{at}#{ticket_id}#{version:08d}"


def change_of(sort_key: str) -> tuple[str, str, int]:
    """Instant, ticket and version of an entry of the feed; 0: it was written when entries had none."""
    at, ticket_id, *version = sort_key.split("#")
    return at, ticket_id, int(version[0]) if version else 0


def urgency_sort(due_at: str | None, priority_rank: int, ticket_id: str) -> str:
    """Sorts open tickets most urgent first: by their next clock, then by priority, then by age (a ULID's order).

    Args:
        due_at: instant of the next clock, None when none is running.
        priority_rank: 0 is the most urgent, 9 the least.
        ticket_id: the ticket's ULID.
    """
    return f"{due_at or FAR_FUTURE}#{priority_rank}#{ticket_id}"


def done_sort(solved_at: str, ticket_id: str) -> str:
    """Sorts done tickets by when they were solved."""
    return f"{solved_at}#{ticket_id}"


def task_key(ticket_id: str, task_id: str) -> Key:
    """A ticket's task in the list of who shall do it. Apart from what lies between the conversation's two ends."""
    return Key(ticket_partition(ticket_id), f"ENTRY#TASK#{task_id}")


def task_list(agent_id: str, *, done: bool) -> str:
    """Tasks of an agent on all tickets, in the index by assignee."""
    return f"TASKS#{agent_id}#{'DONE' if done else 'OPEN'}"


def task_sort(at: str | None, ticket_id: str, task_id: str) -> str:
    """Sorts open tasks by when they are due, done ones by when they were done; those without an instant come last."""
    return f"{at or FAR_FUTURE}#{ticket_id}#{task_id}"


# --- guards and counters ---------------------------------------------------------------------------------------------


def counter_key(name: str) -> Key:
    """A counter that only ever goes up."""
    return Key(f"COUNTER#{name}", "COUNTER")


def idempotency_key(scope: str, key: str) -> Key:
    """What a caller's Idempotency-Key led to. Hashed: callers put what they like into it."""
    digest = hashlib.sha256(f"{scope}\n{key}".encode()).hexdigest()
    return Key(f"IDEMPOTENCY#{digest}", "IDEMPOTENCY")


def rate_key(scope: str, who: str, window: str) -> Key:
    """A counter of calls in a window. Hashed: `who` may be an address."""
    digest = hashlib.sha256(f"{scope}\n{who}".encode()).hexdigest()[:32]
    return Key(f"RATE#{digest}#{window}", "RATE")


def mail_thread_key(message_id: str) -> Key:
    """The ticket that a Message-ID (ours or a correspondent's) belongs to. Hashed: they name hosts and people."""
    return Key(f"MAILID#{hashlib.sha256(message_id.encode()).hexdigest()}", "MAILID")


def mail_seen_key(message_id: str, mailbox: str) -> Key:
    """The mark of a mail that was seen before in one mailbox."""
    digest = hashlib.sha256(f"{message_id}\n{mailbox}".encode()).hexdigest()
    return Key(f"MAILSEEN#{digest}", "MAILSEEN")


def notice_key(event_id: str, kind: str, recipient: str) -> Key:
    """A notice sent because of an event, to one recipient, at most once."""
    return Key(f"NOTICE#{event_id}", f"NOTICE#{kind}#{recipient}")


def feedback_key(event_id: str, kind: str, recipient: str) -> Key:
    """What the mail service said of such a notice later. An item of its own: it may be said before sending is noted."""
    return Key(f"NOTICE#{event_id}", f"FEEDBACK#{kind}#{recipient}")


def undelivered_key(event_id: str, kind: str, recipient: str, outcome: str) -> Key:
    """The mark that a ticket's history tells of a notice's failure."""
    return Key(f"NOTICE#{event_id}", f"UNDELIVERED#{kind}#{recipient}#{outcome}")


# --- portal ----------------------------------------------------------------------------------------------------------


def portal_code_key(nonce: str) -> Key:
    """The hash of a code that lets a customer in. Hashed: what it is worth something with is not to be read here."""
    return Key(f"PORTALCODE#{hashlib.sha256(nonce.encode()).hexdigest()}", "PORTALCODE")


def portal_session_key(session: str) -> Key:
    """The mark that a customer's session is open. Hashed: nobody gets in by reading the table."""
    return Key(f"PORTALSESSION#{hashlib.sha256(session.encode()).hexdigest()}", "PORTALSESSION")


def sso_flow_key(state: str) -> Key:
    """A sign-in under way at an organization's provider. Hashed: what names it is not to be read here."""
    return Key(f"SSOFLOW#{hashlib.sha256(state.encode()).hexdigest()}", "SSOFLOW")


# --- mail ledger -----------------------------------------------------------------------------------------------------


def raw_mail_key(mail_id: str) -> Key:
    """What became of one raw mail."""
    return Key(f"MAIL#{mail_id}", "MAIL")


def mail_list(outcome: str, month: str | None = None) -> str:
    """Raw mails of an outcome, in the index by state: all that wait, or those of a month, given as `2026-11`."""
    return f"MAILS#{outcome.upper()}" if month is None else f"MAILS#{outcome.upper()}#{month}"


def mail_month(month: str) -> str:
    """All raw mails that came in a month, in the index by reference."""
    return f"MAILS#{month}"


# --- what agents write with ------------------------------------------------------------------------------------------

CANNED_SHELF: Final = "CANNED"
MACROS_SHELF: Final = "MACROS"
CHECKLISTS_SHELF: Final = "CHECKLISTS"
VIEWS_SHELF: Final = "VIEWS"
"""Shelves: a partition each, read whole by one query."""
SHELVED_PREFIX: Final = "ITEM#"


def shelved_key(shelf: str, item_id: str) -> Key:
    """One thing on a shelf: a canned response, a macro, a checklist."""
    return Key(shelf, f"{SHELVED_PREFIX}{item_id}")


def shelf_revision_key(shelf: str) -> Key:
    """How often a shelf was changed: copies of it are good until this moves."""
    return Key(shelf, "REVISION")


def signature_key(agent_id: str) -> Key:
    """What an agent ends answers with. Not in their record, which is an admin's to write."""
    return Key(f"AGENT#{agent_id}", "SIGNATURE")


def notifications_partition(agent_id: str) -> str:
    """All that an agent is told."""
    return f"NOTIFICATIONS#{agent_id}"


def notification_key(agent_id: str, event_id: str) -> Key:
    """What an agent is told of one event; its id is a ULID, so they sort by time."""
    return Key(notifications_partition(agent_id), f"NOTIFICATION#{event_id}")


def preferences_key(agent_id: str) -> Key:
    """How an agent likes to be told. Not in their record, which is an admin's to write."""
    return Key(f"AGENT#{agent_id}", "PREFERENCES")


DRAFT_PREFIX: Final = "DRAFT#"


def drafts_partition(agent_id: str) -> str:
    """All drafts of an agent."""
    return f"DRAFTS#{agent_id}"


def draft_key(agent_id: str, ticket_id: str, place: str) -> Key:
    """What an agent is writing on a ticket: a reply, a note, or in a side conversation."""
    return Key(drafts_partition(agent_id), f"{DRAFT_PREFIX}{ticket_id}#{place}")


def presence_partition(ticket_id: str) -> str:
    """Who is at a ticket. Not in the ticket's own partition: heartbeats are no part of it."""
    return f"PRESENCE#{ticket_id}"


def presence_key(ticket_id: str, agent_id: str) -> Key:
    """An agent at a ticket."""
    return Key(presence_partition(ticket_id), f"AGENT#{agent_id}")


# --- bulk actions ----------------------------------------------------------------------------------------------------


def bulk_partition(job_id: str) -> str:
    """All of a bulk action. Its event items are published as a ticket's are."""
    return f"BULK#{job_id}"


def bulk_key(job_id: str) -> Key:
    """How far a bulk action is."""
    return Key(bulk_partition(job_id), "JOB")


def bulk_wish_key(job_id: str) -> Key:
    """What it does, and to which list; never written again."""
    return Key(bulk_partition(job_id), "WISH")


def bulk_event_key(job_id: str, step: int) -> Key:
    """The event that starts a step of it, counted from 1."""
    return Key(bulk_partition(job_id), f"{EVENT_PREFIX}{step:08d}")


BULK_PART_PREFIX: Final = "PART#"
BULK_RESULT_PREFIX: Final = "RESULT#"


def bulk_part_key(job_id: str, part: int) -> Key:
    """The ids of up to a hundred tickets that it acts on; parts are counted from 0."""
    return Key(bulk_partition(job_id), f"{BULK_PART_PREFIX}{part:05d}")


def bulk_result_key(job_id: str, sequence: int) -> Key:
    """What became of some tickets, in the order of acting, counted from 1."""
    return Key(bulk_partition(job_id), f"{BULK_RESULT_PREFIX}{sequence:08d}")


BULK_JOURNALS: Final = ("TICKET#", "UNDONE#")
"""Before the marks of all parts."""


def bulk_journal_prefix(part: int, *, undone: bool = False) -> str:
    """Where a part's marks begin: of tickets that were changed, or of those given back."""
    return f"{'UNDONE' if undone else 'TICKET'}#{part:05d}#"


def bulk_journal_key(job_id: str, part: int, ticket_id: str, *, undone: bool = False) -> Key:
    """The mark that a ticket was changed by it (or given back), with what undoing needs to know."""
    return Key(bulk_partition(job_id), f"{bulk_journal_prefix(part, undone=undone)}{ticket_id}")


def bulk_list(agent_id: str) -> str:
    """An agent's bulk actions, in the index by reference."""
    return f"BULKS#{agent_id}"


BULK_LIST: Final = "BULKS"
"""All bulk actions that are still known, in the index by group: whoever ordered them may have left."""


def bulk_sort(at: str, job_id: str) -> str:
    """Sorts them by when they were started."""
    return f"{at}#{job_id}"


# --- rules -----------------------------------------------------------------------------------------------------------

RULES_PARTITION: Final = "RULES"
RULE_HITS_PREFIX: Final = "HITS#"
RULE_TRACE_PREFIX: Final = "TRACE#"


def rule_hits_key(rule_id: str, ticket_id: str) -> Key:
    """How often a rule acted on tickets of one shard: were it one number, all transactions of a rule would wait for it."""
    return Key(RULES_PARTITION, f"{RULE_HITS_PREFIX}{rule_id}#{due_shard(ticket_id)}")


def rules_place_key() -> Key:
    """How far the clock has looked through open tickets for rules."""
    return Key(RULES_PARTITION, "PLACE")


def rule_traces_partition(ticket_id: str) -> str:
    """What became of rules on a ticket. Not in the ticket's own partition: it is forgotten after a while."""
    return f"RULES#{ticket_id}"


def rule_trace_key(ticket_id: str, event_id: str) -> Key:
    """What became of rules at one event; its id is a ULID, so traces sort by time."""
    return Key(rule_traces_partition(ticket_id), f"{RULE_TRACE_PREFIX}{event_id}")


# --- calendars that are read from elsewhere ------------------------------------------------------------------------------

FEEDS_PARTITION: Final = "FEEDS"
FEED_PREFIX: Final = "FEED#"


def feed_key(calendar_id: str) -> Key:
    """How reading a business calendar's feed went; all in one partition, as they are looked through together."""
    return Key(FEEDS_PARTITION, f"{FEED_PREFIX}{calendar_id}")


# --- webhooks ---------------------------------------------------------------------------------------------------------

WEBHOOKS_PARTITION: Final = "WEBHOOKS"
WEBHOOK_HEALTH_PREFIX: Final = "HEALTH#"
DELIVERY_PREFIX: Final = "DELIVERY#"


def webhook_partition(webhook_id: str) -> str:
    """A destination's deliveries, and what only the function that calls it reads."""
    return f"WEBHOOK#{webhook_id}"


def webhook_health_key(webhook_id: str) -> Key:
    """How calls of a destination went lately; all in one partition, as they are listed together."""
    return Key(WEBHOOKS_PARTITION, f"{WEBHOOK_HEALTH_PREFIX}{webhook_id}")


def webhook_headers_key(webhook_id: str) -> Key:
    """Values of the headers that are sent to a destination: written, and never answered."""
    return Key(webhook_partition(webhook_id), "HEADERS")


def delivery_key(webhook_id: str, delivery_id: str) -> Key:
    """One delivery; its id is a ULID, so they sort by time."""
    return Key(webhook_partition(webhook_id), f"{DELIVERY_PREFIX}{delivery_id}")


def delivery_event_key(webhook_id: str, delivery_id: str, attempts: int) -> Key:
    """The event that has a delivery tried that no ticket's event ordered: a test, or once more."""
    return Key(webhook_partition(webhook_id), f"{EVENT_PREFIX}{delivery_id}#{attempts:04d}")


# --- privacy ---------------------------------------------------------------------------------------------------------


def erasure_partition(person_id: str) -> str:
    """All of a person's erasure. Its event items are published as a ticket's are."""
    return f"ERASURE#{person_id}"


def erasure_key(person_id: str) -> Key:
    """How far a person's erasure is; it stays, and tells nothing of them."""
    return Key(erasure_partition(person_id), "JOB")


def export_key(person_id: str) -> Key:
    """When an export of a person was ordered, and when it was ready."""
    return Key(f"EXPORT#{person_id}", "JOB")


def export_event_key(person_id: str, step: int) -> Key:
    """The event that starts an export, counted from 1."""
    return Key(f"EXPORT#{person_id}", f"{EVENT_PREFIX}{step:08d}")


RETENTION_PARTITION: Final = "RETENTION"
RETENTION_RULE_PREFIX: Final = "RULE#"


def retention_rule_key(rule_id: str) -> Key:
    """How far a rule of retention is."""
    return Key(RETENTION_PARTITION, f"{RETENTION_RULE_PREFIX}{rule_id}")


def retention_feed_key() -> Key:
    """Up to which change retention has looked at tickets that were done before."""
    return Key(RETENTION_PARTITION, "FEED")


def retention_addresses_key() -> Key:
    """Up to which change network addresses were taken out of tickets."""
    return Key(RETENTION_PARTITION, "ADDRESSES")


def erasure_event_key(person_id: str, step: int) -> Key:
    """The event that starts a step of it, counted from 1."""
    return Key(erasure_partition(person_id), f"{EVENT_PREFIX}{step:08d}")


# --- search ----------------------------------------------------------------------------------------------------------

FRESH_PREFIX: Final = "FRESH#"
"""Segments that were written a moment ago, whole; they sort right before the list of those in the bucket."""
UNUSED_PREFIX: Final = "UNUSED#"


def search_partition(index: str) -> str:
    """All that says what an index consists of."""
    return f"SEARCH#{index}"


def fresh_key(index: str, name: str) -> Key:
    """A small segment."""
    return Key(search_partition(index), f"{FRESH_PREFIX}{name}")


def kept_segments_key(index: str) -> Key:
    """The list of an index's segments in the bucket."""
    return Key(search_partition(index), "KEPT")


def unused_key(index: str, name: str) -> Key:
    """The mark of a segment in the bucket that does not count yet, or no more."""
    return Key(search_partition(index), f"{UNUSED_PREFIX}{name}")


# --- knowledge -------------------------------------------------------------------------------------------------------

ARTICLES_SHELF: Final = "ARTICLES"
"""What lists show of articles: a partition that is read whole."""
ARTICLE_FEEDBACK_PREFIX: Final = "FEEDBACK#"
ARTICLE_USE_PREFIX: Final = "USED#"


def article_partition(article_id: str) -> str:
    """All of an article but what lists show of it."""
    return f"ARTICLE#{article_id}"


def article_text_prefix(language: str) -> str:
    """Where the versions of an article's text in a language begin."""
    return f"TEXT#{language}#"


def article_text_key(article_id: str, language: str, revision: int) -> Key:
    """One version of an article's text."""
    return Key(article_partition(article_id), f"{article_text_prefix(language)}{revision:06d}")


def article_image_key(article_id: str, image_id: str) -> Key:
    """A picture of an article: what it is; its bytes lie in the bucket."""
    return Key(article_partition(article_id), f"IMAGE#{image_id}")


def article_counts_key(article_id: str) -> Key:
    """How an article fares: votes, views, tickets that it solved."""
    return Key(article_partition(article_id), "COUNTS")


def article_feedback_key(article_id: str, feedback_id: str) -> Key:
    """What a reader said of an article; its id is a ULID, so they sort by time."""
    return Key(article_partition(article_id), f"{ARTICLE_FEEDBACK_PREFIX}{feedback_id}")


def article_use_key(article_id: str, ticket_id: str) -> Key:
    """That an article was used on a ticket."""
    return Key(article_partition(article_id), f"{ARTICLE_USE_PREFIX}{ticket_id}")


ANSWER_PREFIX: Final = "ANSWER#"


def answer_key(ticket_id: str, article_id: str) -> Key:
    """The same from the ticket's side. Apart from what lies between the conversation's two ends."""
    return Key(ticket_partition(ticket_id), f"{ANSWER_PREFIX}{article_id}")


def asked_partition(month: str) -> str:
    """What readers searched in a month, given as `2026-11`."""
    return f"ASKED#{month}"


def asked_key(month: str, language: str, words: str) -> Key:
    """How often some words were searched in a month, and what came of it."""
    return Key(asked_partition(month), f"{language}#{words}")


def unanswered_partition(month: str) -> str:
    """Tickets of a month for which no article was found, given as `2026-11`."""
    return f"UNANSWERED#{month}"


def unanswered_key(month: str, ticket_id: str) -> Key:
    """A ticket for which no article was found; ids sort by time."""
    return Key(unanswered_partition(month), f"TICKET#{ticket_id}")


# --- community -------------------------------------------------------------------------------------------------------

QUESTION_SORT_KEY: Final = "QUESTION"
COMMUNITY_ANSWER_PREFIX: Final = "ANSWER#"
COMMUNITY_FOLLOWER_PREFIX: Final = "FOLLOWER#"


def question_partition(question_id: str) -> str:
    """The partition that holds all of a question of the community."""
    return f"QUESTION#{question_id}"


def question_key(question_id: str) -> Key:
    """A question."""
    return Key(question_partition(question_id), QUESTION_SORT_KEY)


def community_answer_key(question_id: str, answer_id: str) -> Key:
    """An answer; its id is a ULID, so they sort by time."""
    return Key(question_partition(question_id), f"{COMMUNITY_ANSWER_PREFIX}{answer_id}")


def community_votes_prefix(person_id: str) -> str:
    """Where a person's votes on a question and its answers begin."""
    return f"VOTE#{person_id}#"


def community_vote_key(question_id: str, person_id: str, post_id: str) -> Key:
    """What somebody thinks of a post: one a person and post."""
    return Key(question_partition(question_id), f"{community_votes_prefix(person_id)}{post_id}")


def community_reports_prefix(post_id: str) -> str:
    """Where the reports of a post begin."""
    return f"REPORT#{post_id}#"


def community_report_key(question_id: str, post_id: str, person_id: str) -> Key:
    """That somebody finds something wrong with a post."""
    return Key(question_partition(question_id), f"{community_reports_prefix(post_id)}{person_id}")


def community_revisions_prefix(post_id: str) -> str:
    """Where the earlier texts of a post begin."""
    return f"REVISION#{post_id}#"


def community_revision_key(question_id: str, post_id: str, number: int) -> Key:
    """What a post said before."""
    return Key(question_partition(question_id), f"{community_revisions_prefix(post_id)}{number:04d}")


def community_follower_key(question_id: str, person_id: str) -> Key:
    """That somebody is told of answers."""
    return Key(question_partition(question_id), f"{COMMUNITY_FOLLOWER_PREFIX}{person_id}")


def community_event_key(question_id: str, event_id: str) -> Key:
    """An event of the community; published as a ticket's are."""
    return Key(question_partition(question_id), f"{EVENT_PREFIX}{event_id}")


def community_list(place: str) -> str:
    """Questions of a place that all see, by when somebody wrote last, in the index by assignee."""
    return f"QUESTIONS#{place}"


def community_topic_list(place: str, topic: str) -> str:
    """Those of a topic, in the index by group."""
    return f"QUESTIONS#{place}#{topic}"


def community_waiting_list(place: str) -> str:
    """Those that nobody answered, in the index of changes."""
    return f"QUESTIONS#{place}#WAITING"


def community_queue() -> str:
    """Posts that a moderator shall look at, in the index by state."""
    return "QUESTIONS#QUEUE"


def community_due() -> str:
    """Questions that become tickets, in the index of what is due. A partition of its own: they are few."""
    return "DUE#QUESTIONS"


def community_person_list(person_id: str) -> str:
    """All that somebody left in the community, in the index by requester."""
    return f"COMMUNITY#{person_id}"


def community_sort(at: str, post_id: str) -> str:
    """Sorts posts by an instant, and apart from one another."""
    return f"{at}#{post_id}"


def question_reference(number: int) -> str:
    """A question by its number, in the index by reference."""
    return f"QUESTION#NUMBER#{number}"


def member_key(person_id: str) -> Key:
    """What somebody is called in the community, and how they are known there."""
    return Key(f"PERSON#{person_id}", "MEMBER")


def public_name_key(name: str) -> Key:
    """Whose name in the community something is, as names are compared. Hashed: people may call themselves by their own."""
    return Key(f"PUBLICNAME#{hashlib.sha256(name.encode()).hexdigest()}", "PUBLICNAME")


def ticket_question_key(ticket_id: str) -> Key:
    """The question that a ticket was. Apart from what lies between the conversation's two ends."""
    return Key(ticket_partition(ticket_id), "COMMUNITY")


# --- triage ----------------------------------------------------------------------------------------------------------


def turn_key(group: str) -> Key:
    """Whose turn it is in a group that shares its tickets out by turns."""
    return Key(f"COUNTER#turn#{group}", "COUNTER")


TRIAGE_PARTITION: Final = "TRIAGE"


def triage_models_key() -> Key:
    """What is known of the newest triage models; their bytes lie in the bucket."""
    return Key(TRIAGE_PARTITION, "MODELS")


def triage_week_key(week: str) -> Key:
    """How triage and routing fared in a week, given as `2026-W47`."""
    return Key(TRIAGE_PARTITION, f"WEEK#{week}")


def triage_spending_key(month: str) -> Key:
    """What a service that is asked about tickets has cost in a month, given as `2026-11`."""
    return Key(TRIAGE_PARTITION, f"SPENT#{month}")


ALIKE_PARTITION: Final = "ALIKE"
SEEN_PREFIX: Final = "SEEN#"
CLUSTER_PREFIX: Final = "CLUSTER#"


def seen_key(ticket_id: str) -> Key:
    """What is remembered for a day of a ticket that came in; sorts by its id, which begins with when it was opened."""
    return Key(ALIKE_PARTITION, f"{SEEN_PREFIX}{ticket_id}")


def cluster_key(cluster_id: str) -> Key:
    """A possible incident; its id is that of the oldest ticket of it."""
    return Key(ALIKE_PARTITION, f"{CLUSTER_PREFIX}{cluster_id}")


# --- people ----------------------------------------------------------------------------------------------------------


def person_key(person_id: str) -> Key:
    """A requester or an agent."""
    return Key(f"PERSON#{person_id}", "PERSON")


def address_key(address: str) -> Key:
    """Who an e-mail address belongs to. Addresses are compared in lower case."""
    return Key(f"ADDRESS#{address.lower()}", "ADDRESS")


PEOPLE_BY_NAME: Final = "PEOPLE#NAME"
PEOPLE_BY_LAST_NAME: Final = "PEOPLE#LAST"
PEOPLE_BY_ADDRESS: Final = "PEOPLE#ADDRESS"
PEOPLE_BY_PHONE: Final = "PEOPLE#PHONE"
"""Lists of people in the index by group (by the last name: in that by assignee), each read by a prefix of its sort key.
One partition each: a desk gets to know far fewer than 1,000 people a second."""
ORGANIZATIONS: Final = "ORGANIZATIONS"
"""All organizations by name, in the index by group."""


def people_sort(text: str, person_id: str) -> str:
    """Sorts people by a text, and apart from one another."""
    return f"{text}#{person_id}"


def domain_list(domain: str) -> str:
    """Addresses of a domain, in the index by assignee."""
    return f"PEOPLE#DOMAIN#{domain}"


def member_list(organization_id: str) -> str:
    """People of an organization, in the index by state."""
    return f"MEMBERS#{organization_id}"


PHONE_PREFIX: Final = "PHONE#"
MERGE_PREFIX: Final = "MERGE#"


def phone_key(person_id: str, phone: str) -> Key:
    """A telephone number of a person. Several people may have the same."""
    return Key(person_key(person_id).pk, f"{PHONE_PREFIX}{phone}")


def merge_key(person_id: str, merge_id: str) -> Key:
    """The record of somebody having been merged into a person; its id is a ULID."""
    return Key(person_key(person_id).pk, f"{MERGE_PREFIX}{merge_id}")


def organization_key(organization_id: str) -> Key:
    """An organization."""
    return Key(f"ORGANIZATION#{organization_id}", "ORGANIZATION")


def sso_key(organization_id: str) -> Key:
    """How an organization's people are signed in by its own provider."""
    return Key(f"ORGANIZATION#{organization_id}", "SSO")


def sso_secret_key(organization_id: str) -> Key:
    """The secret under which the desk is known to that provider: written, and never answered."""
    return Key(f"ORGANIZATION#{organization_id}", "SSOSECRET")


def domain_key(domain: str) -> Key:
    """The organization that newcomers with an address of a domain join."""
    return Key(f"DOMAIN#{domain.lower()}", "DOMAIN")


TALLY_SHARDS: Final = 4
"""Items that a person's or an organization's numbers are spread over: many tickets of one may change at once. With at most
21 ids of one person, all of them and the newest tickets are one batch read of at most 100 items."""


def tally_key(partition: str, shard: int) -> Key:
    """One shard of the numbers of a person or an organization, in their partition."""
    return Key(partition, f"TALLY#{shard}")


INVOLVEMENT_PREFIX: Final = "TICKET#"


def involvement_key(person_id: str, ticket_id: str) -> Key:
    """That somebody is, or was, in a ticket beside its requester: all that holds something of them is found by their id."""
    return Key(person_key(person_id).pk, f"{INVOLVEMENT_PREFIX}{ticket_id}")


def share_key(ticket_id: str) -> Key:
    """What of a ticket is in those numbers. Apart from what lies between the conversation's two ends."""
    return Key(ticket_partition(ticket_id), "COUNTED")


def load_key(agent_id: str) -> Key:
    """How many open tickets an agent has."""
    return Key(f"AGENT#{agent_id}", "LOAD")


# --- surveys ---------------------------------------------------------------------------------------------------------


def survey_key(survey_id: str) -> Key:
    """A survey and its answer."""
    return Key(f"SURVEY#{survey_id}", "SURVEY")


def last_asked_key(person_id: str) -> Key:
    """When somebody was last asked how it went."""
    return Key(f"ASKED#{person_id}", "ASKED")


def ratings_list(week: str) -> str:
    """What was answered in a week, given as `2026-W47`, in the index by group."""
    return f"RATINGS#{week}"


def ratings_of_agent(agent_id: str) -> str:
    """What was answered about an agent's tickets, in the index by assignee."""
    return f"RATINGS#AGENT#{agent_id}"


def ratings_by_person(person_id: str) -> str:
    """What somebody answered, in the index by state."""
    return f"RATINGS#PERSON#{person_id}"


def rated_month(month: str) -> str:
    """The buckets of a month (`2026-11`) in which surveys were answered."""
    return f"RATED#{month}"


def rated_key(by: str, day: str, group: str, key: str) -> Key:
    """A bucket of answers: what they are told apart by, the day, a group, and what they have in common."""
    return Key(rated_month(day[:7]), f"{by}#{day}#{group}#{key}")


def rated_parts(sort_key: str) -> tuple[str, str, str, str]:
    """What answers are told apart by, day, group and key of a bucket."""
    by, day, group, key = sort_key.split("#", 3)
    return by, day, group, key


def pulse_answers(round_id: str) -> str:
    """All that colleagues answered in a round."""
    return f"PULSE#{round_id}"


def pulse_answer_key(round_id: str, answer_id: str) -> Key:
    """One answer, under a name by chance."""
    return Key(pulse_answers(round_id), f"ANSWER#{answer_id}")


def pulse_receipt_key(round_id: str, agent_id: str) -> Key:
    """That a colleague has answered a round; apart from the answers."""
    return Key(f"ANSWERED#{round_id}", f"AGENT#{agent_id}")


def pulse_asked_key(round_id: str) -> Key:
    """On which day colleagues were told of a round last."""
    return Key(f"ASKED#{round_id}", "DAY")


# --- settings --------------------------------------------------------------------------------------------------------

DESK_PARTITION: Final = "DESK"
"""All that admins configure: one query loads it."""
SETTINGS_PREFIX: Final = "SETTING#"
MOVED_KIND: Final = "+moved"
"""Among the settings, but none: no kind of settings is called so."""


TEMPLATE_PREFIX: Final = "TEMPLATE#"
"""Admins' templates of mails lie in the same partition, apart from what every function loads."""


def template_key(kind: str, language: str, mailbox: str) -> Key:
    """The newest version of an admin's template; `*` stands for all mailboxes."""
    return Key(DESK_PARTITION, f"{TEMPLATE_PREFIX}{kind}#{language}#{mailbox}")


def template_version_key(kind: str, language: str, mailbox: str, version: int) -> Key:
    """One version of an admin's template."""
    return Key(f"TEMPLATE#{kind}#{language}#{mailbox}", f"VERSION#{version:06d}")


def policy_version_key(policy_id: str, version: int) -> Key:
    """One version of an SLA policy, so that a past can be lived again under the promise of its time."""
    return Key(f"POLICY#{policy_id}", f"VERSION#{version:06d}")


def clock_key() -> Key:
    """The desk's clock offset; read only where the clock is adjustable."""
    return Key(DESK_PARTITION, "CLOCK")


def setting_key(kind: str, setting_id: str) -> Key:
    """One setting: a group, an agent's desk, a category, a mailbox, a calendar, an SLA policy, the desk itself."""
    return Key(DESK_PARTITION, f"{SETTINGS_PREFIX}{kind}#{setting_id}")


def moved_key(kind: str) -> Key:
    """How often something outside the settings was changed of which pages keep copies: it is loaded with the settings."""
    return Key(DESK_PARTITION, f"{SETTINGS_PREFIX}{MOVED_KIND}#{kind}")


def setting_version_key(kind: str, setting_id: str, version: int) -> Key:
    """One version of a setting of any kind, or of what stands on a shelf; the setting itself is the newest."""
    return Key(f"VERSIONS#{kind}#{setting_id}", f"VERSION#{version:06d}")


# --- reports ---------------------------------------------------------------------------------------------------------


def counted_key(ticket_id: str) -> Key:
    """What of a ticket's promises is in the buckets of reports."""
    return Key(ticket_partition(ticket_id), "COUNTED#PROMISES")


def promises_month(month: str) -> str:
    """The buckets of a month (`2026-11`) in which promises were decided."""
    return f"PROMISES#{month}"


def promises_key(day: str, parts: tuple[str, ...]) -> Key:
    """A bucket: the day, then by what it is told apart from others of that day. Ids hold no `#`; a group's stands last."""
    return Key(promises_month(day[:7]), "#".join((day, *parts)))


def promises_parts(sort_key: str) -> tuple[str, str, str, str, str]:
    """Day, metric, priority, policy and group of a bucket."""
    day, metric, priority, policy, group = sort_key.split("#", 4)
    return day, metric, priority, policy, group


# --- the trail of what admins do ---------------------------------------------------------------------------------------


def audit_month(month: str) -> str:
    """All that was done in a month, given as `2026-11`."""
    return f"AUDIT#{month}"


def audit_key(month: str, at: str, seq: int) -> Key:
    """One entry: by its instant, and in the order of the chain."""
    return Key(audit_month(month), f"{at}#{seq:08d}")


def audit_from_key(entry: Key) -> Key:
    """Where the call of an entry came from: right behind it, and over sooner."""
    return Key(entry.pk, f"{entry.sk}#FROM")


def audit_head_key(month: str) -> Key:
    """Where a month's chain ends. Sorts behind all instants."""
    return Key(audit_month(month), "HEAD")


def session_key(user: str, session: str) -> Key:
    """A session that the trail has told of."""
    return Key(f"SESSION#{user}", session)


def audit_range() -> tuple[str, str]:
    """Sort keys between which all entries of a month lie."""
    return "0", "9~"
