"""Furnishes a new desk: its people and settings, a past month, and requests in three languages to try it with."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from helpdesk.channels.model import NewRequest
from helpdesk.channels.service import RequestService
from helpdesk.desk.store import DynamoDeskStore
from helpdesk.kernel.shelves import KeptShelf
from helpdesk.knowledge.model import Audience, Words
from helpdesk.knowledge.service import KnowledgeService, Wish
from helpdesk.tickets.commands import UNSET, ChangeTicket
from helpdesk.tickets.model import Actor, ActorKind, Channel, Priority, Status, Visibility
from helpdesk.tickets.service import TicketService
from helpdesk.tickets.working import AgentDesk
from local import product
from local.build import Say
from local.crowd import GROUP, askers, colleagues, crowd
from local.demo_articles import demo_articles
from local.demo_community import furnish_community
from local.demo_desk import AGENT, AGENTS, REQUESTS, SUPERVISOR, DemoRequest, demo_desk
from local.demo_past import TICKETS, customers, lives
from local.demo_views import VIEWS
from local.demo_work import furnish_work
from local.people import People
from local.quiet import Quiet
from local.restore import PutAll, kept_of, restore, take_numbers, to_emulator

WRITTEN_APART_DAYS: Final = 53
WRITTEN_WITHIN_DAYS: Final = 190
FILLED: Final = "filled"
"""File in the data directory that says the demo requests were made."""


async def furnish(people: People, say: Say) -> None:
    """Makes sure that the desk has people and settings, and that its agents can sign in."""
    if await asyncio.to_thread(_settings):
        say("Setting the desk up")
    await asyncio.to_thread(lambda: people.admit(product.agents()))


async def fill(data_dir: Path, quiet: Quiet, say: Say, past: Callable[[Callable[[], int]], Awaitable[int]]) -> None:
    """Makes the demo requests, once in the life of a data directory.

    Args:
        data_dir: where it is noted that they were made.
        quiet: knows what is in flight.
        say: tells of progress.
        past: lets a past be written of which nobody hears.
    """
    if (data_dir / FILLED).exists():
        return
    say("Making demo requests")
    await past(_past)
    await asyncio.to_thread(_requests)
    await asyncio.to_thread(_articles)
    await asyncio.to_thread(lambda: furnish_community(AGENTS))
    await asyncio.to_thread(furnish_work)
    await asyncio.to_thread(_views)
    await quiet.wait(600)
    (data_dir / FILLED).touch()


def _settings() -> bool:
    """Writes people and settings into a desk that has none; says whether it did."""
    store = DynamoDeskStore()
    if store.load().agents:
        return False
    store.save(demo_desk())
    return True


def _past(put_all: PutAll = to_emulator) -> int:
    """Writes what the desk lived through last month, as it would have been stored then; gives how many tickets that is."""
    from helpdesk import bootstrap  # noqa: PLC0415 - needs the environment to be set

    first, rules, now = take_numbers(TICKETS), bootstrap.rules(), bootstrap.now()
    people = [person for some in customers(now).values() for person in some]
    return restore(people, (kept_of(past, rules) for past in lives(rules, now, first)), put_all)


def gather(tickets: int) -> int:
    """Adds a crowd of so many open tickets, with those who work on them; gives how many were written."""
    from helpdesk import bootstrap  # noqa: PLC0415 - needs the environment to be set

    first, now, store = take_numbers(tickets), bootstrap.now(), DynamoDeskStore()
    store.save_setting("group", GROUP.id, GROUP)
    for colleague in colleagues():
        store.save_setting("agent", colleague.id, colleague)
    people = [person for some in askers(now, first, tickets).values() for person in some]
    return restore(people, crowd(bootstrap.rules(), now, first, tickets))


class _StoryClock:
    """A clock that a story moves from one instant to the next."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def _requests() -> None:
    """Makes requests through the desk's own services, as if they had come in over the last two days."""
    from helpdesk import bootstrap  # noqa: PLC0415 - needs the environment to be set

    bootstrap.begin()
    now = bootstrap.now()
    for request in sorted(REQUESTS, key=lambda one: -one.hours_ago):
        _tell(request, now - timedelta(hours=request.hours_ago), now)


def _articles() -> None:
    """Publishes the help centre's articles in three languages, as they were written over the last months."""
    from helpdesk import bootstrap  # noqa: PLC0415 - needs the environment to be set

    bootstrap.begin()
    now, clock = bootstrap.now(), _StoryClock(bootstrap.now())
    shelf = bootstrap.article_store()
    kept = KeptShelf(shelf, bootstrap.stopwatch)
    knowledge = KnowledgeService(shelf, kept, bootstrap.desk, clock, bootstrap.permissions, lambda _: False)
    for place, one in enumerate(demo_articles()):
        clock.at = now - timedelta(days=3 + place * WRITTEN_APART_DAYS % WRITTEN_WITHIN_DAYS, hours=place % 7)
        own = one.texts["en"]
        wish = Wish(one.kind, Audience.PUBLIC, "en", one.section)
        article = knowledge.create(wish, Words(own.title, own.summary, own.body), SUPERVISOR, key=one.name)
        for language, text in one.texts.items():
            if language != "en":
                words = Words(text.title, text.summary, text.body)
                article = knowledge.write(article.id, article.version, language, words, SUPERVISOR)
            article = knowledge.publish(article.id, article.version, language, SUPERVISOR)


def _views() -> None:
    """Gives everybody some views, and lets lists begin with what was written, which bears instants of the past."""
    from helpdesk import bootstrap  # noqa: PLC0415 - needs the environment to be set

    bootstrap.begin()
    for view in VIEWS:
        bootstrap.views().create(view, SUPERVISOR)
    bootstrap.board_keeper().rebuild()


def _tell(story: DemoRequest, began: datetime, now: datetime) -> None:
    """Lets one story happen: the request, what was said since, and how it ended."""
    from helpdesk import bootstrap  # noqa: PLC0415
    from helpdesk.platform.limits import DynamoRateLimiter  # noqa: PLC0415

    clock = _StoryClock(began)
    store, desk = bootstrap.ticket_store(), bootstrap.desk
    tickets = TicketService(store, clock, bootstrap.rules, bootstrap.pause)
    customers = RequestService(
        tickets=tickets,
        store=store,
        people=bootstrap.people_store(),
        files=bootstrap.files(),
        limiter=DynamoRateLimiter(),
        grant=bootstrap.grant,
        desk=desk,
        clock=clock,
    )
    agents = AgentDesk(tickets, store, desk, clock)
    request = NewRequest(
        address=story.email,
        name=story.name,
        language=story.locale,
        subject=story.subject,
        body=story.body,
        channel=Channel.EMAIL if story.by_mail else Channel.WEB,
        category=story.category,
        priority=Priority(story.priority),
        fields=story.fields,
    )
    ticket = customers.open(request, ip="127.0.0.1", idempotency=None).ticket
    step = (now - began) / (len(story.replies) + 2)
    for reply in story.replies:
        clock.at += step
        agent = desk().agent_by_address(reply.by) if reply.by is not None else None
        if agent is None:
            customers.reply(ticket.id, ticket.requester_id, reply.body, uploads=(), ip="127.0.0.1", idempotency=None)
        else:
            visibility = Visibility.INTERNAL if reply.internal else Visibility.PUBLIC
            agents.add_message(ticket.id, reply.body, visibility, agent)
    if story.end is not None or story.product is not None or story.tags:
        clock.at += step
        own = next((status for status in Status if status == story.end), None)
        change = ChangeTicket(
            status=own or UNSET,
            custom_status=UNSET if own is not None or story.end is None else story.end,
            product=story.product or UNSET,
            tags=story.tags or UNSET,
        )
        tickets.run(ticket.id, change, actor=Actor(ActorKind.AGENT, AGENT.id))
