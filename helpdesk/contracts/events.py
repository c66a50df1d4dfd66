"""The facts a ticket can have behind it: event names, the bus's envelope, who listens to what.

An event is a past-tense fact with ids and changed values only: no names, no addresses, no texts. Payloads are described
in docs/events.md; `helpdesk.tickets.facts` holds them as dataclasses.
"""

from enum import StrEnum
from typing import Final

SOURCE: Final = "helpdesk.tickets"
"""Of facts that are part of a ticket's history."""
DESK_SOURCE: Final = "helpdesk.desk"
"""Of all else that happens at the desk."""


class EventType(StrEnum):
    """Every fact there is."""

    TICKET_OPENED = "TicketOpened"
    MESSAGE_ADDED = "MessageAdded"
    MESSAGE_RELEASED = "MessageReleased"
    MESSAGE_WITHDRAWN = "MessageWithdrawn"
    MESSAGE_EDITED = "MessageEdited"
    DELIVERY_FAILED = "DeliveryFailed"
    TICKET_STATUS_CHANGED = "TicketStatusChanged"
    TICKET_PRIORITY_CHANGED = "TicketPriorityChanged"
    TICKET_TYPE_CHANGED = "TicketTypeChanged"
    TICKET_ASSESSED = "TicketAssessed"
    TICKET_PRODUCT_CHANGED = "TicketProductChanged"
    TICKET_CATEGORY_CHANGED = "TicketCategoryChanged"
    TICKET_ASSIGNED = "TicketAssigned"
    TICKET_TAGS_CHANGED = "TicketTagsChanged"
    TICKET_FIELDS_CHANGED = "TicketFieldsChanged"
    TICKET_LINKED = "TicketLinked"
    SLA_APPLIED = "SlaApplied"
    SLA_CHANGED = "SlaChanged"
    SLA_WARNED = "SlaWarned"
    SLA_BREACHED = "SlaBreached"
    SLA_ESCALATED = "SlaEscalated"
    SURVEY_DUE = "SurveyDue"
    SURVEY_SENT = "SurveySent"
    RATING_RECORDED = "RatingRecorded"
    PARTICIPANT_ADDED = "ParticipantAdded"
    PARTICIPANT_REMOVED = "ParticipantRemoved"
    TICKET_REQUESTER_CHANGED = "TicketRequesterChanged"
    TICKET_ORGANIZATION_CHANGED = "TicketOrganizationChanged"
    FOLLOWERS_CHANGED = "FollowersChanged"
    TICKET_DUE_CHANGED = "TicketDueChanged"
    TICKET_DUE = "TicketDue"
    TICKET_SNOOZED = "TicketSnoozed"
    TICKET_WOKE = "TicketWoke"
    TIME_LOGGED = "TimeLogged"
    TIME_CORRECTED = "TimeCorrected"
    TIME_REMOVED = "TimeRemoved"
    TICKET_RESTORED = "TicketRestored"
    PERSON_ERASED = "PersonErased"
    TICKET_UNLINKED = "TicketUnlinked"
    TICKET_MERGED = "TicketMerged"
    TICKET_UNMERGED = "TicketUnmerged"
    TICKET_ABSORBED = "TicketAbsorbed"
    TICKET_RETURNED = "TicketReturned"
    TICKET_SPLIT = "TicketSplit"
    TICKET_SPLIT_UNDONE = "TicketSplitUndone"
    SIDE_STARTED = "SideStarted"
    SIDE_CLOSED = "SideClosed"
    SIDE_REOPENED = "SideReopened"
    SIDE_PERSON_ADDED = "SidePersonAdded"
    SIDE_PERSON_REMOVED = "SidePersonRemoved"
    TASK_ADDED = "TaskAdded"
    CHECKLIST_ADDED = "ChecklistAdded"
    TASK_CHANGED = "TaskChanged"
    TASK_DONE = "TaskDone"
    TASK_REOPENED = "TaskReopened"
    TASK_REMOVED = "TaskRemoved"
    TASKS_ORDERED = "TasksOrdered"
    TASKS_DUE = "TasksDue"
    APPROVAL_REQUESTED = "ApprovalRequested"
    APPROVAL_ANSWERED = "ApprovalAnswered"
    APPROVAL_SETTLED = "ApprovalSettled"
    APPROVAL_WITHDRAWN = "ApprovalWithdrawn"
    APPROVAL_DUE = "ApprovalDue"
    TRIAGE_SUGGESTED = "TriageSuggested"
    INCIDENT_SUSPECTED = "IncidentSuspected"
    HAND_OVER_ASKED = "HandOverAsked"
    WEBHOOKS_ORDERED = "WebhooksOrdered"
    SLA_POLICY_CHOSEN = "SlaPolicyChosen"
    TICKET_CLEARED = "TicketCleared"
    LEGAL_HOLD_CHANGED = "LegalHoldChanged"


class DeskEventType(StrEnum):
    """What happens beside tickets."""

    BULK_STARTED = "BulkStarted"
    BULK_CONTINUED = "BulkContinued"
    ERASURE_STARTED = "ErasureStarted"
    ERASURE_CONTINUED = "ErasureContinued"
    EXPORT_ORDERED = "ExportOrdered"
    WEBHOOK_DUE = "WebhookDue"
    COMMUNITY_ANSWERED = "CommunityAnswered"


def source_of(kind: str) -> str:
    """Which of the two sources an event's name belongs to."""
    return DESK_SOURCE if kind in _OF_THE_DESK else SOURCE


_OF_THE_DESK: Final = frozenset(kind.value for kind in DeskEventType)

ROUTER_EVENTS: Final = (
    EventType.TICKET_OPENED,
    EventType.TICKET_CATEGORY_CHANGED,
    EventType.TICKET_PRODUCT_CHANGED,
    EventType.TICKET_ASSIGNED,
    EventType.TICKET_STATUS_CHANGED,
)
NOTIFIER_EVENTS: Final = (
    EventType.TICKET_OPENED,
    EventType.MESSAGE_ADDED,
    EventType.MESSAGE_RELEASED,
    EventType.MESSAGE_WITHDRAWN,
    EventType.TICKET_ASSIGNED,
    EventType.TICKET_STATUS_CHANGED,
    EventType.TICKET_DUE,
    EventType.TICKET_WOKE,
    EventType.SLA_WARNED,
    EventType.SLA_BREACHED,
    EventType.SLA_ESCALATED,
    EventType.TASK_ADDED,
    EventType.CHECKLIST_ADDED,
    EventType.TASK_CHANGED,
    EventType.TASKS_DUE,
    EventType.APPROVAL_REQUESTED,
    EventType.APPROVAL_SETTLED,
    EventType.APPROVAL_DUE,
    EventType.INCIDENT_SUSPECTED,
    EventType.HAND_OVER_ASKED,
    EventType.RATING_RECORDED,
)
INDEXER_EVENTS: Final = (
    EventType.TICKET_OPENED,
    EventType.MESSAGE_ADDED,
    EventType.MESSAGE_WITHDRAWN,
    EventType.MESSAGE_EDITED,
    EventType.TICKET_TAGS_CHANGED,
    EventType.TICKET_FIELDS_CHANGED,
    EventType.TICKET_REQUESTER_CHANGED,
    EventType.TICKET_RESTORED,
    EventType.TICKET_ABSORBED,
    EventType.TICKET_SPLIT,
    EventType.TICKET_SPLIT_UNDONE,
    EventType.PARTICIPANT_ADDED,
    EventType.PARTICIPANT_REMOVED,
)
SURVEY_EVENTS: Final = (EventType.SURVEY_DUE,)
AUTOMATION_EVENTS: Final = (
    EventType.TICKET_OPENED,
    EventType.MESSAGE_ADDED,
    EventType.MESSAGE_RELEASED,
    EventType.DELIVERY_FAILED,
    EventType.TICKET_STATUS_CHANGED,
    EventType.TICKET_PRIORITY_CHANGED,
    EventType.TICKET_TYPE_CHANGED,
    EventType.TICKET_ASSESSED,
    EventType.TICKET_PRODUCT_CHANGED,
    EventType.TICKET_CATEGORY_CHANGED,
    EventType.TICKET_ASSIGNED,
    EventType.TICKET_TAGS_CHANGED,
    EventType.TICKET_FIELDS_CHANGED,
    EventType.TICKET_REQUESTER_CHANGED,
    EventType.TICKET_ORGANIZATION_CHANGED,
    EventType.TICKET_DUE_CHANGED,
    EventType.TICKET_DUE,
    EventType.SLA_WARNED,
    EventType.SLA_BREACHED,
    EventType.RATING_RECORDED,
    EventType.APPROVAL_SETTLED,
)
REPORTER_EVENTS: Final = (
    EventType.SLA_APPLIED,
    EventType.SLA_CHANGED,
    EventType.SLA_BREACHED,
    EventType.TICKET_RESTORED,
)
PRIVACY_EVENTS: Final = (
    DeskEventType.ERASURE_STARTED,
    DeskEventType.ERASURE_CONTINUED,
    DeskEventType.EXPORT_ORDERED,
)
COMMUNITY_EVENTS: Final = (DeskEventType.COMMUNITY_ANSWERED,)
WEBHOOK_EVENTS: Final = (EventType.WEBHOOKS_ORDERED, DeskEventType.WEBHOOK_DUE)
BULK_EVENTS: Final = (DeskEventType.BULK_STARTED, DeskEventType.BULK_CONTINUED)
TALLY_EVENTS: Final = (
    EventType.TICKET_OPENED,
    EventType.MESSAGE_ADDED,
    EventType.MESSAGE_RELEASED,
    EventType.TICKET_STATUS_CHANGED,
    EventType.SLA_APPLIED,
    EventType.SLA_CHANGED,
    EventType.SLA_BREACHED,
    EventType.RATING_RECORDED,
    EventType.TIME_LOGGED,
    EventType.TIME_CORRECTED,
    EventType.TIME_REMOVED,
    EventType.TICKET_REQUESTER_CHANGED,
    EventType.TICKET_ORGANIZATION_CHANGED,
    EventType.TICKET_MERGED,
    EventType.TICKET_UNMERGED,
    EventType.TICKET_RESTORED,
    EventType.PARTICIPANT_ADDED,
    EventType.SIDE_STARTED,
    EventType.SIDE_PERSON_ADDED,
    EventType.APPROVAL_REQUESTED,
    EventType.TICKET_ABSORBED,
)
