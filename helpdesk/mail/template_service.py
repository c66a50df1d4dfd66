"""Admins' own words for mails: looked at, checked, saved in versions, tried out, and given back for what is shipped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from helpdesk.desk.model import Desk, Mailbox
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, NotFound, StaleVersion
from helpdesk.kernel.ids import new_id
from helpdesk.kernel.text import LANGUAGES, clean
from helpdesk.mail.compose import Written, write
from helpdesk.mail.delivery import Delivery, DeliveryState, Outbox, Slot
from helpdesk.mail.letters import (
    Acknowledged,
    Answered,
    ApprovalAsked,
    ApprovalTold,
    Assigned,
    Breached,
    CommunityAnswered,
    Details,
    Escalated,
    Kind,
    Letter,
    Notified,
    Party,
    PulseAsked,
    RequesterReplied,
    Said,
    SideAnswered,
    SignInCode,
    SurveyAsked,
    Template,
    Waiting,
)
from helpdesk.mail.stationery import called, look_of
from helpdesk.mail.wording import Fault, check, shipped
from helpdesk.people.model import Agent
from helpdesk.portal.brands import brand_of_mailbox
from helpdesk.sla.model import Metric
from helpdesk.tickets.model import Message, Priority, Ticket
from helpdesk.tickets.todo import ApprovalState, Verdict

MAX_VERSIONS_SHOWN: Final = 20
NO_TICKET: Final = "00000000000000000000000000"
"""Stands for a ticket in what is only tried out."""


@dataclass(frozen=True, slots=True)
class TemplateKey:
    """Which template.

    Attributes:
        mailbox: id of the one mailbox it is for; None: for all that have none of their own.
    """

    kind: Kind
    language: str
    mailbox: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A version of a template.

    Attributes:
        template: None: the shipped one was restored.
    """

    key: TemplateKey
    version: int
    changed_at: datetime
    changed_by: str
    template: Template | None = None


class TemplateStore(Protocol):
    """Where they are kept."""

    def all(self) -> Mapping[TemplateKey, Saved]:
        """The newest version of each there ever was."""
        ...

    def get(self, key: TemplateKey) -> Saved | None:
        """The newest version of one."""
        ...

    def put(self, saved: Saved) -> None:
        """Writes the next version.

        Raises:
            StaleVersion: the newest is not the one before it.
        """
        ...

    def versions(self, key: TemplateKey, *, limit: int) -> tuple[Saved, ...]:
        """The newest versions, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class TemplateView:
    """All there is to know of a template.

    Attributes:
        template: what is used: an admin's, or the shipped one.
        version: 0 where nobody ever changed it.
        faults: of an admin's template that cannot be used (any more): the shipped one is sent instead.
    """

    key: TemplateKey
    template: Template
    shipped: Template
    overridden: bool
    version: int
    changed_at: datetime | None = None
    changed_by: str | None = None
    faults: tuple[Fault, ...] = ()


class TemplateService:
    """What admins do with templates.

    Args:
        store: where they are kept.
        desk: the settings as they stand.
        clock: the desk's time.
        tag: signs a ticket's id into a reply address.
        outbox: sends what is tried out; asked only then.
    """

    def __init__(
        self,
        store: TemplateStore,
        desk: Callable[[], Desk],
        clock: Clock,
        tag: Callable[[str], str],
        outbox: Callable[[], Outbox],
        base_url: str = "",
    ) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._tag = tag
        self._outbox = outbox
        self._base_url = base_url

    def list(self) -> tuple[TemplateView, ...]:
        """One for each kind and language, and those of single mailboxes."""
        saved = self._store.all()
        usual = [TemplateKey(kind, language) for kind in Kind for language in LANGUAGES]
        own = sorted(
            (key for key, one in saved.items() if key.mailbox is not None and one.template is not None),
            key=lambda key: (key.kind, key.language, key.mailbox or ""),
        )
        return tuple(_view(key, saved.get(key)) for key in (*usual, *own))

    def read(self, key: TemplateKey) -> tuple[TemplateView, tuple[Saved, ...]]:
        """A template and its versions, newest first.

        Raises:
            NotFound: there is no such language or mailbox.
        """
        self._known(key)
        return _view(key, self._store.get(key)), self._store.versions(key, limit=MAX_VERSIONS_SHOWN)

    def save(self, key: TemplateKey, template: Template, agent: Agent, *, version: int) -> TemplateView:
        """Uses an admin's words from now on.

        Raises:
            NotFound: there is no such language or mailbox.
            Invalid: all that is wrong with the template, each with its part and line.
            StaleVersion: somebody else changed it meanwhile.
        """
        self._known(key)
        template = Template(*(clean(part) for part in (template.subject, template.preview, template.body)))
        refuse_faults(check(key.kind, template))
        return self._put(key, template, agent, version)

    def restore(self, key: TemplateKey, agent: Agent, *, version: int) -> TemplateView:
        """Uses what comes with the desk (or, for one mailbox, what all others use) from now on; versions are kept.

        Raises:
            NotFound: there is no such language or mailbox.
            StaleVersion: somebody else changed it meanwhile.
        """
        self._known(key)
        current = self._store.get(key)
        if current is None or current.template is None:
            return _view(key, current)
        return self._put(key, None, agent, version)

    def preview(self, key: TemplateKey, template: Template, about: tuple[Ticket, Message | None] | None) -> Written:
        """What a template gives, for a made-up case or for a ticket.

        Raises:
            NotFound: there is no such language or mailbox.
            Invalid: all that is wrong with the template.
        """
        self._known(key)
        refuse_faults(check(key.kind, template))
        return write(self._letter(key, template, about, Party("Kim Minsu", "minsu@example.com")))

    def send_test(
        self, key: TemplateKey, template: Template, about: tuple[Ticket, Message | None] | None, agent: Agent
    ) -> Delivery:
        """Sends what a template gives to the admin who asks, and to nobody else.

        Raises:
            NotFound: there is no such language or mailbox.
            Invalid: all that is wrong with the template.
            Conflict: the desk has no mailbox, or the mail service does not take it.
            Unavailable: it does not take it now.
        """
        self._known(key)
        refuse_faults(check(key.kind, template))
        if not self._desk().mailboxes:
            raise Conflict("The desk has no mailbox to send from.")
        letter = self._letter(key, template, about, Party(agent.name, agent.address))
        delivery = self._outbox().deliver(Slot(letter.id, key.kind, agent.id, NO_TICKET), letter)
        if delivery is None or delivery.state is not DeliveryState.SENT:
            raise Conflict("The mail service does not take the mail.")
        return delivery

    def used(self, kind: Kind, language: str, mailbox: str) -> Template | None:
        """An admin's words for a mail: of its mailbox, or else of all; None: what is shipped."""
        saved = self._store.all()
        for key in (TemplateKey(kind, language, mailbox), TemplateKey(kind, language)):
            found = saved.get(key)
            if found is not None and found.template is not None:
                return found.template
        return None

    # --- parts ---

    def _known(self, key: TemplateKey) -> None:
        if key.language not in LANGUAGES:
            raise NotFound("There is no such language.")
        if key.mailbox is not None and key.mailbox not in self._desk().mailboxes:
            raise NotFound("There is no such mailbox.")

    def _put(self, key: TemplateKey, template: Template | None, agent: Agent, version: int) -> TemplateView:
        current = self._store.get(key)
        found = current.version if current is not None else 0
        if found != version:
            raise StaleVersion(f"You saw version {version}; it is at {found} now.", current=found)
        saved = Saved(key, version + 1, self._clock(), agent.id, template)
        self._store.put(saved)
        return _view(key, saved)

    def _letter(
        self, key: TemplateKey, template: Template, about: tuple[Ticket, Message | None] | None, recipient: Party
    ) -> Letter:
        desk, now = self._desk(), self._clock()
        first = min(desk.mailboxes.values(), key=lambda one: one.id, default=None)
        mailbox = desk.mailboxes[key.mailbox] if key.mailbox is not None else first
        mailbox = mailbox or Mailbox("none", "support@example.com", desk.general.name)
        ticket, message = about or (None, None)
        details = sample_details(key.kind, key.language, now)
        if ticket is not None:
            details = _of_ticket(details, ticket, message)
            recipient = replace(recipient, name=ticket.copies.requester_name or recipient.name)
        return Letter(
            kind=key.kind,
            id=new_id(now),
            at=now,
            language=key.language,
            desk=called(desk, mailbox, key.language),
            sender=Party(mailbox.name, mailbox.address),
            recipient=recipient,
            tag=self._tag(ticket.id if ticket is not None else NO_TICKET),
            number=ticket.number if ticket is not None else 1042,
            subject=ticket.copies.subject if ticket is not None else _SUBJECTS[key.language],
            details=details,
            look=look_of(mailbox, key.language, brand_of_mailbox(desk.brands, mailbox.id), self._base_url),
            template=template,
            side=1 if key.kind in {Kind.SIDE, Kind.SIDE_ANSWERED} else 0,
        )


def refuse_faults(faults: list[Fault]) -> None:
    """Raises what is wrong with a template, if anything is.

    Raises:
        Invalid: with each fault's part and line.
    """
    if faults:
        errors = [FieldError(f"/{fault.part}", f"line {fault.line}: {fault.message}") for fault in faults]
        raise Invalid("The template cannot be used.", errors)


def _view(key: TemplateKey, saved: Saved | None) -> TemplateView:
    original = shipped(key.kind, key.language)
    template = saved.template if saved is not None else None
    return TemplateView(
        key=key,
        template=template or original,
        shipped=original,
        overridden=template is not None,
        version=saved.version if saved is not None else 0,
        changed_at=saved.changed_at if saved is not None else None,
        changed_by=saved.changed_by if saved is not None else None,
        faults=tuple(check(key.kind, template)) if template is not None else (),
    )


# --- samples ---------------------------------------------------------------------------------------------------------

_LINK: Final = "https://example.com/requests/1042"
_SUBJECTS: Final = {
    "en": "Invoice 4711 shows the wrong amount",
    "ko": "청구서 4711의 금액이 달라요",
    "ja": "請求書4711の金額が違います",
}
_ANSWERS: Final = {
    "en": "Thank you for telling us. The amount is right now; you find the new invoice attached.\n\nIs there anything else?",
    "ko": "알려 주셔서 고마워요. 금액을 바로잡아 새 청구서를 함께 보내 드려요.\n\n더 도와드릴 일이 있을까요?",
    "ja": "ご連絡ありがとうございます。金額を訂正し、新しい請求書を添付いたしました。\n\nほかにご不明な点はございますか。",
}
_ASKED: Final = {
    "en": "Can you tell us when the invoice was made, and by whom?",
    "ko": "이 청구서를 언제 누가 만들었는지 알려 주실 수 있을까요?",
    "ja": "この請求書をいつどなたが作成されたか、教えていただけますか。",
}
_NAMES: Final = {"en": "Ann Lee", "ko": "김민수", "ja": "佐藤由紀"}
_AGENTS: Final = {"en": "Daniel Weber", "ko": "박지우", "ja": "田中すず"}
_GROUPS: Final = {"en": "Billing", "ko": "청구", "ja": "請求"}


def sample_details(kind: Kind, language: str, now: datetime) -> Details:
    """A made-up case in a language."""
    name, text, group = _NAMES[language], _SUBJECTS[language], _GROUPS[language]
    samples: dict[Kind, Details] = {
        Kind.ACKNOWLEDGEMENT: Acknowledged(_LINK, ((text, _LINK),), _LINK),
        Kind.REPLY: Answered(
            _ANSWERS[language], _LINK, author=_AGENTS[language], left_out=(Waiting("scan.pdf", 24_000_000, _LINK),)
        ),
        Kind.ASSIGNED: Assigned(_LINK, name, text, Priority.HIGH, group),
        Kind.REQUESTER_REPLIED: RequesterReplied(_LINK, name, text),
        Kind.BREACHED: Breached(_LINK, name, Metric.FIRST_RESPONSE, now, "UTC", Priority.URGENT, group),
        Kind.ESCALATED: Escalated(_LINK, name, Metric.FIRST_RESPONSE, now, "UTC", Priority.URGENT, group),
        Kind.NOTIFICATION: Notified(_LINK, name, "mentioned", _AGENTS[language], text),
        Kind.SURVEY: SurveyAsked(_LINK, now),
        Kind.SIDE: Answered(_ASKED[language], "", author=_AGENTS[language]),
        Kind.SIDE_ANSWERED: SideAnswered(_LINK, name, text),
        Kind.APPROVAL: ApprovalAsked(_LINK, text, _ASKED[language], _AGENTS[language], now, expires_at=now),
        Kind.APPROVAL_SETTLED: ApprovalTold(
            _LINK, text, ApprovalState.APPROVED, (Said(name, Verdict.APPROVED, _ASKED[language]),)
        ),
        Kind.SIGN_IN: SignInCode(_LINK, "204816", 15),
        Kind.PULSE: PulseAsked(_LINK, now.date()),
        Kind.COMMUNITY: CommunityAnswered(_LINK, text, name, _ANSWERS[language], _LINK),
    }
    return samples[kind]


def _of_ticket(details: Details, ticket: Ticket, message: Message | None) -> Details:
    """A sample with a ticket's own words where there are any; its links lead nowhere."""
    requester = ticket.copies.requester_name or ticket.copies.requester_address or "?"
    match details:
        case Answered():
            text, html = (message.text, message.html) if message is not None else (details.text, details.html)
            return replace(details, text=text, html=html, left_out=())
        case Assigned():
            text = message.text if message is not None else details.text
            return replace(details, requester=requester, text=text, priority=ticket.priority, group=None)
        case SideAnswered():
            return replace(details, text=message.text if message is not None else details.text)
        case RequesterReplied() | Notified():
            return replace(details, requester=requester, text=message.text if message is not None else details.text)
        case Breached():
            return replace(details, requester=requester, priority=ticket.priority, group=None)
        case _:
            return details
