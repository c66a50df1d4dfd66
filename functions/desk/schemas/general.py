"""The desk's own settings, as admins see them."""

from typing import Annotated

from msgspec import Meta, Struct

Seconds = Annotated[int, Meta(ge=0, le=10 * 366 * 86_400)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]


class LimitsIO(Struct, frozen=True, forbid_unknown_fields=True):
    """What callers without a sign-in may do."""

    requests_per_address_per_hour: Annotated[Count, Meta(description="Requests opened for one e-mail address.")]
    requests_per_ip_per_minute: Annotated[Count, Meta(description="Calls that write, from one network address.")]
    notices_per_address_per_hour: Annotated[
        Count, Meta(description="Mails that the desk sends by itself to one address.")
    ]


class GeneralIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The desk's own settings. Those that have a page of their own (priority matrix, unknown fields ...) stay as they are."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    language: Annotated[str, Meta(description="Of mails to people whose language is not known.", examples=["ko"])]
    time_zone: Annotated[str, Meta(description="Whose days reports count by.", examples=["Asia/Seoul"])]
    default_group: Annotated[str | None, Meta(description="Takes what neither category nor mailbox sends elsewhere.")]
    hold_seconds: Annotated[Seconds, Meta(description="How long an answer can be taken back; 0: it is sent at once.")]
    close_after_seconds: Annotated[Seconds | None, Meta(description="From solving to closing; null: never.")]
    survey_delay_seconds: Annotated[Seconds | None, Meta(description="From solving to asking; null: nobody is asked.")]
    survey_valid_seconds: Seconds
    link_valid_seconds: Annotated[Seconds, Meta(description="How long the links in a mail work.")]
    organization_may_join: Annotated[
        bool, Meta(description="People of the requester's organization may write to a ticket by answering its mails.")
    ]
    tasks_before_solving: bool
    articles_in_acknowledgement: bool
    limits: LimitsIO


class GeneralOut(GeneralIn, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The desk's own settings."""

    version: int
