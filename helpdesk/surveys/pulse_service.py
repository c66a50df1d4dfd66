"""Asks colleagues themselves how they are doing, takes each one's answer once, and tells those who look after them."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Gone, NotFound
from helpdesk.people.model import Agent
from helpdesk.surveys.plans import Answers, Asks, Question, SurveyPlan
from helpdesk.surveys.pulses import (
    AnsweredAlready,
    Results,
    Round,
    Said,
    checked_said,
    is_asked,
    open_round,
    plan_named,
    results_of,
    rounds_back,
)

KEPT: Final = timedelta(days=2 * 366)
TOLD_ROUNDS: Final = 12


class PulseStore(Protocol):
    """Where answers of colleagues are kept."""

    def answered(self, round_id: str, agent_id: str) -> bool:
        """Whether a colleague has answered a round."""
        ...

    def say(self, round_id: str, agent_id: str, said: Said, questions: Sequence[Question], *, expires_at: int) -> bool:
        """Keeps an answer, and that the colleague has answered, all or nothing; False where they had."""
        ...

    def said(self, round_id: str) -> tuple[Sequence[Question], Sequence[Said]]:
        """What was asked in a round, and all that was answered."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A round that a colleague may answer."""

    round: Round
    plan: SurveyPlan


@dataclass(frozen=True, slots=True)
class Told:
    """A round for those who look after colleagues.

    Attributes:
        asked: how many colleagues it is for, as they are now.
        over: nobody can answer it any more.
    """

    round: Round
    questions: Sequence[Question]
    asked: int
    over: bool
    results: Results


class PulseService:
    """Surveys to colleagues.

    Args:
        store: where answers are kept.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(self, store: PulseStore, desk: Callable[[], Desk], clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    def waiting(self, agent: Agent) -> list[Asked]:
        """What a colleague is asked and has not answered."""
        found = [one for one in self.open() if is_asked(one.plan, agent)]
        return [one for one in found if not self._store.answered(one.round.id, agent.id)]

    def answer(self, round_id: str, agent: Agent, rating: int, comment: str, answers: Answers, *, named: bool) -> None:
        """Takes a colleague's answer; who it was is kept only where they say so.

        Raises:
            NotFound: they are not asked this.
            Gone: the round is over.
            AnsweredAlready: they have answered it.
            Invalid: the answer does not fit what is asked.
        """
        plan_id, begins = plan_named(round_id)
        plan = self._desk().surveys.get(plan_id)
        if plan is None or plan.asks is not Asks.TEAM or not is_asked(plan, agent) or not begins:
            raise NotFound("There is no such survey.")
        now = open_round(plan, self._today())
        if now is None or now.id != round_id:
            raise Gone("This survey is over.")
        said = checked_said(
            plan.questions, secrets.token_hex(12), rating, comment, answers, agent.id if named else None
        )
        ends = datetime.combine(now.ends, datetime.min.time(), ZoneInfo(self._desk().general.time_zone))
        if not self._store.say(round_id, agent.id, said, plan.questions, expires_at=int((ends + KEPT).timestamp())):
            raise AnsweredAlready("You have answered this already. Nothing says which answer is yours.")

    def told(self, plan: SurveyPlan, *, count: int = TOLD_ROUNDS) -> list[Told]:
        """What the last rounds of a plan brought, the newest first; those that nobody answered are left out, but the newest."""
        desk, today = self._desk(), self._today()
        asked = sum(is_asked(plan, agent) for agent in desk.agents.values())
        found = []
        for place, one in enumerate(rounds_back(plan, today, count)):
            questions, said = self._store.said(one.id)
            over = today >= one.ends
            if said or not place:
                results = results_of(plan, questions, said, over=over)
                found.append(Told(one, questions or plan.questions, asked, over, results))
        return found

    def silent(self, asked: Asked) -> list[Agent]:
        """Those who are asked in a round and have not answered."""
        agents = [one for one in self._desk().agents.values() if is_asked(asked.plan, one)]
        return [one for one in agents if not self._store.answered(asked.round.id, one.id)]

    def open(self) -> list[Asked]:
        """The rounds that can be answered now."""
        day = self._today()
        plans = sorted(self._desk().surveys.values(), key=lambda plan: (plan.order, plan.id))
        return [Asked(found, plan) for plan in plans if (found := open_round(plan, day)) is not None]

    def _today(self) -> date:
        return self._clock().astimezone(ZoneInfo(self._desk().general.time_zone)).date()
