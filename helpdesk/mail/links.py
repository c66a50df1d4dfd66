"""The links and reply tags that go into mails: who holds one may do what it says, and nothing else."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol
from urllib.parse import quote

from helpdesk.channels.model import FileNamed
from helpdesk.kernel.errors import NotFound
from helpdesk.kernel.text import supported_language
from helpdesk.knowledge.rules import article_path
from helpdesk.platform.signing import Purpose, Signer
from helpdesk.portal.brands import HELP, Brand, help_of, portal_of
from helpdesk.tickets.model import Message, Ticket

TICKET_CLAIM: Final = "t"
SURVEY_CLAIM: Final = "s"
MESSAGE_CLAIM: Final = "m"
ATTACHMENT_CLAIM: Final = "a"
APPROVAL_CLAIM: Final = "v"
SIDE_CLAIM: Final = "c"
PERSON_CLAIM: Final = "p"
ARTICLES_CLAIM: Final = "k"


class Grant(Protocol):
    """Makes a requester's token for a ticket."""

    def __call__(self, ticket: Ticket, *, shared: bool) -> str:
        """A token; `shared`: others will hold it too."""
        ...


class SignedLinks:
    """Makes and reads them.

    Args:
        signer: signs.
        base_url: where the pages are, without a trailing slash.
        grant: makes the token by which a requester sees their ticket; `shared`: and can only see it.
        expires: until when a link works that is made now.
        brand: the one that a ticket is dealt with under: its pages are where links lead.
    """

    def __init__(
        self,
        signer: Signer,
        base_url: str,
        grant: Grant,
        expires: Callable[[], datetime],
        brand: Callable[[Ticket], Brand | None] = lambda _: None,
    ) -> None:
        self._signer = signer
        self._base_url = base_url
        self._grant = grant
        self._expires = expires
        self._brand = brand

    def thread_tag(self, ticket_id: str) -> str:
        """What a reply address carries after its `+`."""
        return self._signer.thread_tag(ticket_id)

    def ticket(self, ticket_id: str) -> str:
        """An agent's way to a ticket; it asks for a sign-in."""
        return f"{self._base_url}/tickets/{ticket_id}"

    def request(self, ticket: Ticket, *, shared: bool = False) -> str:
        """A requester's way to their ticket. The token is in the fragment, which browsers send to nobody.

        Args:
            ticket: which.
            shared: others get the same mail; the link then only shows the ticket.
        """
        return f"{self._portal(ticket)}/requests/{ticket.id}#t={self._grant(ticket, shared=shared)}"

    def file(self, message: Message, attachment_id: str, person_id: str) -> str:
        """A recipient's way to one file of one message, and to nothing else. Mail programs need no page to follow it.

        Args:
            message: of which message.
            attachment_id: which file.
            person_id: whose way it is; except in a side conversation it ends when they take part no more.
        """
        claims = {TICKET_CLAIM: message.ticket_id, MESSAGE_CLAIM: message.id, ATTACHMENT_CLAIM: attachment_id}
        claims |= {SIDE_CLAIM: message.side_id} if message.side_id is not None else {PERSON_CLAIM: person_id}
        return f"{self._base_url}/v1/files/{self._signer.sign(Purpose.FILE, claims, self._expires())}"

    def read_file(self, token: str, now: datetime) -> FileNamed:
        """What a file's token names.

        Raises:
            Unauthenticated: it was not made here.
            Gone: it is over.
            NotFound: it names none.
        """
        claims = self._signer.read(Purpose.FILE, token, now)
        found = [claims.get(name) for name in (TICKET_CLAIM, MESSAGE_CLAIM, ATTACHMENT_CLAIM)]
        if not all(isinstance(one, str) for one in found):
            raise NotFound("There is no such file.")
        ticket_id, message_id, attachment_id = map(str, found)
        person_id, side_id = (claims.get(name) for name in (PERSON_CLAIM, SIDE_CLAIM))
        return FileNamed(
            ticket_id,
            message_id,
            attachment_id,
            person_id if isinstance(person_id, str) else None,
            side_id if isinstance(side_id, str) else None,
        )

    def survey(self, survey_id: str, ticket: Ticket) -> str:
        """A requester's way to a survey. The survey itself knows how long it takes an answer, so the token need not."""
        token = self._signer.sign(Purpose.SURVEY, {SURVEY_CLAIM: survey_id, TICKET_CLAIM: ticket.id})
        return f"{self._portal(ticket)}/survey/{token}"

    def read_survey(self, token: str, now: datetime) -> tuple[str, str]:
        """The survey and the ticket that a survey's token names.

        Raises:
            Unauthenticated: it was not made here.
            NotFound: it names none.
        """
        claims = self._signer.read(Purpose.SURVEY, token, now)
        survey_id, ticket_id = claims.get(SURVEY_CLAIM), claims.get(TICKET_CLAIM)
        if not isinstance(survey_id, str) or not isinstance(ticket_id, str):
            raise NotFound("There is no such survey.")
        return survey_id, ticket_id

    def approval(self, ticket: Ticket, approval_id: str, person_id: str) -> tuple[str, datetime]:
        """The way of one person to one approval that they are asked for, and until when it works."""
        expires_at = self._expires()
        claims = {TICKET_CLAIM: ticket.id, APPROVAL_CLAIM: approval_id, PERSON_CLAIM: person_id}
        return (
            f"{self._portal(ticket)}/approvals/{self._signer.sign(Purpose.APPROVAL, claims, expires_at)}",
            expires_at,
        )

    def read_approval(self, token: str, now: datetime) -> tuple[str, str, str]:
        """The ticket, the approval and the person that an approval's token names.

        Raises:
            Unauthenticated: it was not made here.
            Gone: it is over.
            NotFound: it names none.
        """
        claims = self._signer.read(Purpose.APPROVAL, token, now)
        found = [claims.get(name) for name in (TICKET_CLAIM, APPROVAL_CLAIM, PERSON_CLAIM)]
        if not all(isinstance(one, str) for one in found):
            raise NotFound("There is no such approval.")
        ticket_id, approval_id, person_id = map(str, found)
        return ticket_id, approval_id, person_id

    def article(self, number: int, title: str, language: str, ticket: Ticket) -> str:
        """The page of an article that everybody may read, at the help centre of a ticket's brand."""
        path = article_path(language, number, title).removeprefix(HELP)
        return f"{help_of(self._brand(ticket), self._base_url)}{quote(path, safe='/-')}"

    def solved(self, ticket: Ticket, article_ids: Sequence[str]) -> str:
        """The requester's way to say that an article has solved their ticket."""
        claims = {TICKET_CLAIM: ticket.id, PERSON_CLAIM: ticket.requester_id, ARTICLES_CLAIM: list(article_ids)}
        token = self._signer.sign(Purpose.SOLVED, claims, self._expires())
        home = help_of(self._brand(ticket), self._base_url)
        return f"{home}/{supported_language(ticket.language)}/solved/{token}"

    def read_solved(self, token: str, now: datetime) -> tuple[str, str, tuple[str, ...]]:
        """The ticket, the person and the articles that such a token names.

        Raises:
            Unauthenticated: it was not made here.
            Gone: it is over.
            NotFound: it names none.
        """
        claims = self._signer.read(Purpose.SOLVED, token, now)
        ticket_id, person_id, articles = (claims.get(name) for name in (TICKET_CLAIM, PERSON_CLAIM, ARTICLES_CLAIM))
        if not isinstance(ticket_id, str) or not isinstance(person_id, str) or not isinstance(articles, list):
            raise NotFound("There is no such request.")
        return ticket_id, person_id, tuple(map(str, articles))

    def _portal(self, ticket: Ticket) -> str:
        return portal_of(self._brand(ticket), self._base_url)
