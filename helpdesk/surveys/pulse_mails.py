"""Tells colleagues by mail that they are asked how they are doing: once a round, by day, and not while they are away.

The mail leads to the page, where they sign in as ever. It carries nothing that could tell whose answer is whose.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from helpdesk.desk.model import Desk
from helpdesk.forms.model import name_in
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.ids import derived_id
from helpdesk.mail.delivery import Outbox, Slot
from helpdesk.mail.letters import Kind, Party, PulseAsked
from helpdesk.mail.stationery import Stationery, is_own
from helpdesk.notifications.model import NotificationKind, Preferences
from helpdesk.people.hours import absence_at
from helpdesk.people.model import Agent
from helpdesk.surveys.pulse_service import Asked, PulseService

MORNING: Final = 9
"""The hour of the desk's day from which on they are told: rounds begin at midnight."""


class AskedStore(Protocol):
    """What is remembered of telling."""

    def asked_on(self, round_id: str) -> date | None:
        """The last day on which all who had not answered a round were told of it."""
        ...

    def note_asked(self, round_id: str, day: date, *, expires_at: int) -> None:
        """Notes that they were, on a day."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What it stands on.

    Attributes:
        preferences: how agents like to be told; who said nothing is left out.
        page: where colleagues answer.
        fault: is told what went wrong with somebody's mail, by their id.
    """

    pulses: PulseService
    store: AskedStore
    preferences: Callable[[Iterable[str]], Mapping[str, Preferences]]
    page: str
    desk: Callable[[], Desk]
    clock: Clock
    fault: Callable[[str, Exception], None]


class PulseMails:
    """Sends the mails of rounds that are open. May be called as often as one likes.

    Args:
        ports: what it stands on.
        stationery: makes letters.
        outbox: sends each once.
    """

    def __init__(self, ports: Ports, stationery: Stationery, outbox: Outbox) -> None:
        self._ports = ports
        self._stationery = stationery
        self._outbox = outbox

    def look(self) -> int:
        """Tells whoever is asked, has not answered and was not told yet; gives how many.

        Whoever is away on the first day is told when they are back, as long as the round is open.
        """
        now = self._ports.clock().astimezone(ZoneInfo(self._ports.desk().general.time_zone))
        if now.hour < MORNING:
            return 0
        return sum(self._round(one, now) for one in self._ports.pulses.open())

    def _round(self, asked: Asked, now: datetime) -> int:
        round_id, told = asked.round.id, 0
        if self._ports.store.asked_on(round_id) == now.date():
            return 0
        whole = True
        for agent in self._wanted(asked, now):
            try:
                told += self._tell(agent, asked)
            except Exception as error:  # noqa: BLE001 - told, and tried again by the next look
                whole = False
                self._ports.fault(agent.id, error)
        if whole:
            until = datetime.combine(asked.round.ends + timedelta(days=7), datetime.min.time(), now.tzinfo)
            self._ports.store.note_asked(round_id, now.date(), expires_at=int(until.timestamp()))
        return told

    def _wanted(self, asked: Asked, now: datetime) -> list[Agent]:
        desk = self._ports.desk()
        here = [
            agent
            for agent in self._ports.pulses.silent(asked)
            if absence_at(agent, now) is None and not is_own(desk, agent.address)
        ]
        likes = self._ports.preferences([agent.id for agent in here]) if here else {}
        usual = Preferences()
        return [one for one in here if likes.get(one.id, usual).by_mail(NotificationKind.PULSE_ASKED, one)]

    def _tell(self, agent: Agent, asked: Asked) -> bool:
        """Whether a mail left, now or earlier in this round."""
        name = name_in(asked.plan.names, agent.language, asked.plan.id)
        begins = datetime.combine(asked.round.begins, datetime.min.time(), ZoneInfo("UTC"))
        letter = self._stationery.notice(
            Kind.PULSE,
            derived_id(begins, asked.round.id, agent.id),
            Party(agent.name, agent.address),
            agent.language,
            PulseAsked(self._ports.page, asked.round.ends - timedelta(days=1)),
            subject=name,
        )
        if letter is None:
            return False
        return self._outbox.deliver(Slot(asked.round.id, Kind.PULSE, agent.id, asked.round.id), letter) is not None
