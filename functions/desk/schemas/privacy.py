"""Erasing a person, and how long tickets keep what is in them."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from functions.desk.schemas.canned import Id
from functions.desk.schemas.rules import Conditions
from functions.desk.schemas.tickets import Instant
from helpdesk.privacy.checks import MOST_ADDRESSES_DAYS
from helpdesk.privacy.model import Phase
from helpdesk.tickets.model import Content


class ErasureIn(Struct, frozen=True, forbid_unknown_fields=True):
    """That it is meant."""

    tickets: Annotated[
        int, Meta(ge=0, description="How many tickets they opened, as `GET` says: so many lose every word.")
    ]


class ExportOut(Struct, frozen=True):
    """An export of a person's data."""

    person_id: str
    ordered_at: Instant | None
    ready_at: Annotated[Instant | None, Meta(description="null: it is being written, or nobody ordered one.")]
    url: Annotated[
        str | None, Meta(description="Gives the ZIP file for 15 minutes; null: not ready, or gone after a day.")
    ]


class ErasureOut(Struct, frozen=True):
    """How far a person's erasure is; nothing of the person."""

    person_id: str
    tickets: Annotated[int, Meta(description="How many they opened; 1000: perhaps more.")]
    held: Annotated[
        list[int],
        Meta(
            description="Numbers of tickets under legal hold that are theirs, or that they are in: until it ends, nothing is erased."
        ),
    ]
    phase: Annotated[Phase | None, Meta(description="null: nobody ordered it.")]
    emptied: Annotated[int, Meta(description="Tickets that were emptied so far, those they took part in among them.")]
    by: Annotated[str | None, Meta(description="Id of the agent who ordered it.")]
    started_at: Instant | None
    finished_at: Instant | None


Removes = Annotated[
    list[Content],
    Meta(
        max_length=3,
        description="`files`: attachments and raw mails; `words`: every text, the subject and what fields hold among them; "
        "`people`: names and addresses of whoever is no colleague. All three: of the ticket its shell and its history stay.",
    ),
]


class RetentionRuleIn(Struct, frozen=True, forbid_unknown_fields=True):
    """For how long some tickets keep what is in them."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    after_days: Annotated[int, Meta(ge=1, le=36_500, description="So long after they were solved.")]
    removes: Removes
    conditions: Conditions = msgspec.field(default_factory=dict)
    enabled: Annotated[bool, Meta(description="It begins a day after it was written so.")] = False
    description: Annotated[str, Meta(max_length=1000)] = ""
    forgets: Annotated[
        bool,
        Meta(
            description="With the last ticket that tells of somebody they are erased themselves: name, addresses, notes. "
            "For rules that remove `files`, `words` and `people`."
        ),
    ] = False


class RetentionRuleOut(Struct, frozen=True):
    """A rule of retention, and how far it is."""

    id: str
    version: int
    name: str
    after_days: int
    removes: Removes
    conditions: Conditions
    enabled: bool
    description: str
    forgets: bool
    begins_at: Annotated[
        Instant | None,
        Meta(description="Before this nothing goes; null: it is off, or its first run has yet to say."),
    ]
    tickets: Annotated[int, Meta(description="Out of how many it has taken something, whatever it was at that time.")]
    looked_at: Annotated[Instant | None, Meta(description="When it was carried out last.")]
    failed: Annotated[int, Meta(description="Tickets that could not be dealt with; each run tries them again.")]


class AddressesIn(Struct, frozen=True, forbid_unknown_fields=True):
    """For how long network addresses are kept."""

    days: Annotated[
        int,
        Meta(
            ge=1,
            le=MOST_ADDRESSES_DAYS,
            description="From where something was asked for on a ticket is kept for so long after the ticket's last change.",
        ),
    ]


class AddressesOut(Struct, frozen=True):
    """For how long network addresses are kept."""

    days: int
    version: Annotated[int, Meta(description="Of the desk's own settings, of which this is a part.")]


class RetentionRulesOut(Struct, frozen=True):
    """All rules of retention, by id. Each does its own: where several are for a ticket, all of them are carried out."""

    items: list[RetentionRuleOut]
    next_cursor: str | None = None


class RetentionPreviewIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule, written or not."""

    rule: RetentionRuleIn
    id: Annotated[Id | None, Meta(description="Of the rule in whose place it is tried.")] = None
    limit: Annotated[int, Meta(ge=1, le=25, description="How many tickets are shown.")] = 10


class RetentionSampleOut(Struct, frozen=True):
    """A ticket out of which a rule would take something, those solved first."""

    ticket_id: str
    number: int
    subject: str
    category: str | None
    solved_at: Instant | None
    messages: Annotated[int, Meta(description="That have words; of those in the ticket itself the newest hundred.")]
    files: Annotated[int, Meta(description="Attachments, of the same messages.")]
    bytes: Annotated[int, Meta(description="Of those files.")]
    mails: Annotated[int, Meta(description="Raw mails, of the same messages.")]


class RetentionPreviewOut(Struct, frozen=True):
    """What a rule would do if it were carried out now; nothing is written."""

    tickets: Annotated[int, Meta(description="Out of so many it would take something: exactly, of the whole desk.")]
    soon: Annotated[int, Meta(description="Out of so many more within the next 30 days.")]
    held: Annotated[int, Meta(description="So many more are kept by a legal hold.")]
    items: Annotated[list[RetentionSampleOut], Meta(description="Some of them, if the caller may see them.")]
