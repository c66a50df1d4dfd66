"""Who of a group gets a ticket, and why: by turns, by load, by skill, or whoever knows the requester. Pure.

All choices can be made again and come out the same: ties are broken by a hash of ticket and agent, so that over many
tickets nobody is the one who always gets the first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from helpdesk.people.model import Agent
from helpdesk.routing.model import AssignmentMethod, GroupAssignment
from helpdesk.tickets.model import Reason, Ticket

OWN_LANGUAGE: Final = 3
"""Proficiency in the language of one's own pages, where nothing else was said; levels are 1 to 5."""
_LOAD_STEPS: Final = 10
"""Loads that are alike to a tenth of what one can carry are equal: among those, skill decides."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the group, as they stand now.

    Attributes:
        capacity: how many open tickets they take.
        open: how many they have.
        ready: they work now, by calendar, absences and what they say themselves.
        skills: levels 1 to 5 by skill: `language:ko`, `category:billing`, `product:router`.
    """

    id: str
    capacity: int
    open: int
    ready: bool = True
    skills: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """How much of what they can carry they have."""
        return self.open / self.capacity if self.capacity > 0 else 1.0


def skills_of(agent: Agent, setting: GroupAssignment) -> dict[str, int]:
    """What somebody knows: by their own record, whose skills are ids of categories or products, and by their group's say."""
    found = {f"language:{language}": OWN_LANGUAGE for language in (agent.language, *agent.languages)}
    for name, level in agent.skills.items():
        found |= {name: level} if ":" in name else {f"category:{name}": level, f"product:{name}": level}
    return found | dict(setting.skills.get(agent.id, {}))


def needs_of(ticket: Ticket) -> tuple[str, ...]:
    """The skills that a ticket asks for."""
    asked = (("language", ticket.language), ("category", ticket.category), ("product", ticket.product))
    return tuple(f"{kind}:{value}" for kind, value in asked if value is not None)


def choose(
    setting: GroupAssignment,
    candidates: Sequence[Candidate],
    ticket: str,
    *,
    needs: Iterable[str] = (),
    knows: str | None = None,
    stands_in: str | None = None,
    turn: int = 0,
    full: Collection[str] = (),
) -> tuple[str | None, Reason]:
    """The agent who gets a ticket, and why.

    Args:
        setting: how the group shares its tickets.
        candidates: all of the group.
        ticket: its number, or whatever names it: breaks ties.
        needs: skills that the ticket asks for.
        knows: who answered this requester before.
        stands_in: who stands in for whoever had it and is absent.
        turn: of the group, counted up with every ticket; by turns only.
        full: agents who turned out to be full a moment ago.

    Returns:
        The agent's id, or None and the reason why there is none.
    """
    ready = [one for one in candidates if one.ready]
    free = sorted((one for one in ready if one.id not in full and one.open < one.capacity), key=lambda one: one.id)
    if setting.method is AssignmentMethod.MANUAL:
        return None, Reason("assigned_by_hand")
    if not free:
        return None, Reason("everybody_full", {"agents": len(ready)}) if ready else Reason("nobody_available")
    known = knows if setting.keep_with_known else None
    for first, why in ((stands_in, "stands_in"), (known, "knows_requester")):
        if any(one.id == first for one in free):
            return first, Reason(why)
    if setting.method is AssignmentMethod.SKILLS:
        return _most_skilled(setting, candidates, free, ticket, needs)
    if setting.method is AssignmentMethod.LEAST_BUSY:
        return _least_busy(free, ticket)
    return free[turn % len(free)].id, Reason("by_turns", {"among": len(free)})


def _least_busy(free: Sequence[Candidate], ticket: str) -> tuple[str, Reason]:
    chosen = min(free, key=lambda one: (one.share, one.open, _lot(ticket, one.id)))
    return chosen.id, Reason("least_busy", {"open": chosen.open, "among": len(free)})


def _most_skilled(
    setting: GroupAssignment,
    candidates: Sequence[Candidate],
    free: Sequence[Candidate],
    ticket: str,
    needs: Iterable[str],
) -> tuple[str | None, Reason]:
    """The best of those who have all that the ticket asks for, as far as anybody of the group has it at all."""
    known = {skill for one in candidates for skill, level in one.skills.items() if level > 0}
    asked = [skill for skill in needs if skill in known]
    fit = [one for one in free if all(one.skills.get(skill, 0) > 0 for skill in asked)]
    if not fit:
        if not setting.otherwise_anyone:
            return None, Reason("nobody_skilled", {"skills": len(asked)})
        chosen, _ = _least_busy(free, ticket)
        return chosen, Reason("skills_passed_over", {"skills": len(asked)})
    if not asked:
        return _least_busy(fit, ticket)

    def rank(one: Candidate) -> tuple[int, int, float, bytes]:
        level = sum(one.skills.get(skill, 0) for skill in asked)
        return int(one.share * _LOAD_STEPS), -level, one.share, _lot(ticket, one.id)

    best = min(fit, key=rank)
    level = sum(best.skills.get(skill, 0) for skill in asked)
    return best.id, Reason("skilled", {"skills": len(asked), "level": level, "among": len(fit)})


def _lot(ticket: str, agent_id: str) -> bytes:
    return blake2b(f"{ticket}\n{agent_id}".encode(), digest_size=8).digest()
