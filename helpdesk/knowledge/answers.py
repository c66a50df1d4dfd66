"""Answers beside tickets: what is likely to solve one, what was used on it, and what an agent's solution becomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from helpdesk.canned.model import CannedResponse
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import NotFound
from helpdesk.kernel.ids import derived_id, is_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import supported_language
from helpdesk.knowledge.finding import ArticleFinder, FoundArticle
from helpdesk.knowledge.gaps import GapWatch, Unanswered
from helpdesk.knowledge.likeness import Likeness
from helpdesk.knowledge.model import COLLEAGUE, Article, ArticleKind, Audience, Reader, Use, Words
from helpdesk.knowledge.service import KnowledgeService
from helpdesk.people.model import Agent
from helpdesk.search.index import Index
from helpdesk.search.segment import Segment, Text, build
from helpdesk.search.tokens import count_terms
from helpdesk.tickets.facts import Event, TicketStatusChanged
from helpdesk.tickets.model import ActorKind, Message, Status, Ticket

NAMED_TO_REQUESTERS: Final = 3
_LOOKED_AT: Final = 20
_NOUN: Final = "There is no such ticket."


class Tickets(Protocol):
    """What is read of tickets."""

    def with_messages(self, ticket_id: str, *, limit: int) -> tuple[Ticket, Page[Message]] | None:
        """A ticket and its newest messages."""
        ...


class Uses(Protocol):
    """Which articles were used on which tickets."""

    def note_use(self, use: Use) -> None:
        """Notes that an article was used on a ticket; what was noted before stays."""
        ...

    def settle_use(self, use: Use) -> None:
        """Notes that an article solved a ticket, and counts it, once."""
        ...

    def use(self, article_id: str, ticket_id: str) -> Use | None:
        """What is known of an article on a ticket."""
        ...

    def uses_on(self, ticket_id: str) -> list[Use]:
        """The articles that were used on a ticket."""
        ...

    def uses_of(self, article_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Use]:
        """The tickets that an article was used on, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a ticket.

    Attributes:
        articles: likely to solve it, provisional solutions among them; best first.
        canned: responses that may do; best first.
        used: what was used on it.
    """

    ticket: Ticket
    articles: tuple[FoundArticle, ...]
    canned: tuple[CannedResponse, ...]
    used: tuple[Use, ...]


class Outcomes:
    """What became of answers: an article that was used on a ticket has solved it once the ticket is solved.

    Args:
        uses: which was used where.
    """

    def __init__(self, uses: Uses) -> None:
        self._uses = uses

    def handle(self, event: Event) -> None:
        """Keeps which articles solved a ticket; of what is no such fact, nothing."""
        fact = event.fact
        if not isinstance(fact, TicketStatusChanged) or fact.new is not Status.SOLVED:
            return
        for use in self._uses.uses_on(event.ticket_id):
            if use.solved_at is None:
                self._uses.settle_use(replace(use, solved_at=event.at))


class Answers:
    """Answers to tickets.

    Args:
        knowledge: writes articles.
        finder: finds them.
        uses: which was used where.
        watch: notes what is missing.
        tickets: in sight of whoever calls.
        canned: canned responses that a colleague may read.
        clock: the desk's time.
        reader_of: anybody at the help centre of a ticket's brand.
    """

    def __init__(
        self,
        knowledge: KnowledgeService,
        finder: ArticleFinder,
        uses: Uses,
        watch: GapWatch,
        tickets: Tickets,
        canned: Callable[[Agent], Sequence[CannedResponse]],
        clock: Clock,
        reader_of: Callable[[Ticket], Reader],
    ) -> None:
        self._knowledge = knowledge
        self.reader_of = reader_of
        self.uses = uses
        self._finder = finder
        self._watch = watch
        self._tickets = tickets
        self._canned = canned
        self._clock = clock

    def beside(self, ticket_id: str, agent: Agent, *, limit: int) -> Beside:
        """What is likely to solve a ticket.

        Raises:
            NotFound: there is no such ticket that the colleague may know of.
        """
        ticket, page = self._ticket(ticket_id, limit=_LOOKED_AT)
        asked = [one for one in page.items if one.author.kind is ActorKind.REQUESTER]
        text = "\n".join((ticket.copies.subject, *(one.text for one in asked[-1:])))
        language = supported_language(ticket.language, agent.language)
        found = self._finder.like(text, COLLEAGUE, language, self._clock(), limit=limit)
        canned = _likely(self._canned(agent), text, limit)
        return Beside(ticket, tuple(found), canned, tuple(self.uses.uses_on(ticket.id)))

    def for_requester(self, ticket: Ticket, text: str) -> list[FoundArticle]:
        """Up to three articles that may answer a request, all of which everybody may read; that there is none is noted."""
        asked, language = f"{ticket.copies.subject}\n{text}", supported_language(ticket.language)
        now = self._clock()
        found = self._finder.like(asked, self.reader_of(ticket), language, now, limit=NAMED_TO_REQUESTERS)
        if not found:
            self._watch.unanswered(Unanswered(ticket.id, language, ticket.created_at, ticket.category))
        return found

    def use(self, ticket_id: str, article_id: str, agent: Agent) -> Use:
        """Notes that a colleague answers a ticket with an article.

        Raises:
            NotFound: there is no such ticket, or article.
        """
        ticket, _ = self._ticket(ticket_id, limit=1)
        article = self._knowledge.get(article_id)
        use = Use(article.id, ticket.id, self._clock(), agent.id)
        self.uses.note_use(use)
        return use

    def propose(self, ticket_id: str, words: Words, agent: Agent, *, language: str | None = None) -> Article:
        """Makes a solution of how a ticket was solved. It is used on the ticket at once; calling again gives the same one.

        Raises:
            NotFound: there is no such ticket.
            Invalid: something is wrong with the words.
            KeyReused: the colleague has made one of this ticket with other words.
        """
        ticket, _ = self._ticket(ticket_id, limit=1)
        now = self._clock()
        spoken = language or supported_language(ticket.language, agent.language)
        begun = Article(
            id=derived_id(ticket.created_at, "solution", ticket.id, agent.id, words.title),
            version=1,
            number=0,
            kind=ArticleKind.SOLUTION,
            audience=Audience.INTERNAL,
            language=spoken,
            created_by=agent.id,
            created_at=now,
            updated_by=agent.id,
            updated_at=now,
            from_ticket=ticket.id,
            provisional=True,
        )
        article = self._knowledge.begin(begun, words, agent)
        self.uses.note_use(Use(article.id, ticket.id, now, agent.id))
        return article

    def solved(self, ticket_id: str, article_id: str) -> None:
        """Notes that the requester says an article solved their ticket; of what does not exist, nothing."""
        if is_id(article_id) and article_id in self._knowledge.all():
            before = self.uses.use(article_id, ticket_id)
            now = self._clock()
            by = before.by if before is not None else None
            self.uses.settle_use(Use(article_id, ticket_id, before.at if before is not None else now, by, now))

    def _ticket(self, ticket_id: str, *, limit: int) -> tuple[Ticket, Page[Message]]:
        found = self._tickets.with_messages(ticket_id, limit=limit) if is_id(ticket_id) else None
        if found is None:
            raise NotFound(_NOUN)
        return found


def _likely(canned: Sequence[CannedResponse], text: str, limit: int) -> tuple[CannedResponse, ...]:
    """Canned responses that have most of what a text is about; there are a few thousand at most, in memory."""
    texts = [Text(one.id, "", one.version, count_terms(_said_by(one))) for one in canned]
    if not texts:
        return ()
    index = Index({"canned": Segment(build(texts))})
    like = Likeness(index, text)
    by_id = {one.id: one for one in canned}
    hits = index.rank(like.terms, most=len(by_id), least_share=0.0).hits
    return tuple(by_id[hit.owner] for hit in hits if like.fits(hit.score, by_id[hit.owner].title))[:limit]


def _said_by(response: CannedResponse) -> str:
    return "\n".join((response.title, *(body.text[:1000] for body in response.bodies.values())))
