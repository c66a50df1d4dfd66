"""What routing a ticket costs: table calls and CPU, with the desk's own models looking at its words."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from statistics import median
from typing import Any

import pytest
from moto.core.botocore_stubber import BotocoreStubber

from benchmarks.tables import table
from helpdesk import bootstrap
from helpdesk.contracts import topology
from helpdesk.desk.model import Desk
from helpdesk.routing.learning import features, seed
from helpdesk.routing.learning.train import Example, train
from helpdesk.routing.model import AssignmentMethod, FieldModel, GroupAssignment, ModelSet, TriageMode, TriageSetting
from helpdesk.routing.triage import KeptModels, OwnModels, wanted_fields
from helpdesk.tickets.triaging import TriageField
from tests.support.desk import AGENT, AGENT2, desk_for_tests
from tests.support.solved import words_about
from tests.support.wire import counting
from tests.support.world import World, a_world

AIM_CALLS = 10
AIM_MILLISECONDS = 60


def _desk(assignment: GroupAssignment | None) -> Desk:
    desk = desk_for_tests()
    agents = {one.id: replace(one, capacity=1_000) for one in desk.agents.values()}
    acting = {TriageField.CATEGORY.value: TriageSetting(TriageField.CATEGORY, TriageMode.ACT)}
    assignments = {} if assignment is None else {group: replace(assignment, id=group) for group in desk.groups}
    return replace(desk, agents=agents, triage=acting, assignments=assignments)


@cache
def _trained() -> dict[TriageField, bytes]:
    """A model for each field, of the seed set's 900 texts in three languages and 400 of the desk's own."""
    chance = random.Random(3)
    sorted_ = [(text, label or "other") for language in seed.LANGUAGES for text, label in seed.texts(language)]
    sorted_ += [(words_about(about, chance), about) for about in ("billing", "technical") * 200]
    told: dict[TriageField, Callable[[str, str], str]] = {
        TriageField.CATEGORY: lambda _, about: about,
        TriageField.GROUP: lambda _, about: "billing" if about == "billing" else "support",
        TriageField.PRIORITY: lambda text, _: "high" if "!" in text else "normal",
        TriageField.SENTIMENT: lambda _, about: "upset" if about == "other" else "calm",
        TriageField.SPAM: lambda text, _: "spam" if "http" in text else "wanted",
    }
    return {
        field: train([Example(text, label(text, about)) for text, about in sorted_]).to_bytes()
        for field, label in told.items()
    }


def _plant_models(world: World) -> None:
    """Models as a night's training writes them."""
    shelf = bootstrap.triage_models()
    for field, data in _trained().items():
        shelf.write(1, field, data)
    fields = {field: FieldModel(texts=1300, size=len(data)) for field, data in _trained().items()}
    shelf.replace(None, ModelSet(1, world.clock.now, fields))


def _long_text(chance: random.Random) -> str:
    """1,500 characters of words that are about billing, and of what customers write."""
    written = [text for text, _ in seed.texts("en")]
    said = " ".join(words_about("billing", chance) for _ in range(20))
    return " ".join((said, *chance.sample(written, 20)))[:1500]


@contextmanager
def _playing() -> Iterator[list[float]]:
    """CPU seconds of each call that went to playing AWS, which on AWS is not the desk's."""
    real, spent = BotocoreStubber.__call__, []

    def clocked(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passed through as it is
        began = time.process_time()
        try:
            return real(*args, **kwargs)
        finally:
            spent.append(time.process_time() - began)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "__call__", clocked)
        yield spent


def _routed(assignment: GroupAssignment | None, learned: Callable[[World], None] | None) -> list[object]:
    """Calls, CPU of the router and CPU of playing AWS, of a warm router for one ticket: medians of fifteen."""
    chance = random.Random(5)
    calls, own, played = [], [], []
    with a_world(_desk(assignment)) as world:
        if learned is not None:
            learned(world)
        world.restart()
        for number in range(16):
            world.open("ann@example.com", subject="Hello", body=_long_text(chance))
            world.publish()
            with counting() as made, _playing() as playing:
                began = time.process_time()
                world.deliver(topology.ROUTER.name)
                spent = time.process_time() - began
            if number:
                calls.append(sum(call.service == "dynamodb" for call in made))
                own.append(1000 * (spent - sum(playing)))
                played.append(1000 * sum(playing))
            world.settle()
    return [max(calls), round(median(own), 1), round(median(played), 1)]


def _guessing() -> tuple[float, float]:
    """CPU milliseconds of looking at one text of 1,500 characters with all five models: first of new words, then of known ones."""
    chance = random.Random(5)
    with a_world(_desk(None)) as world:
        _plant_models(world)
        own = OwnModels(KeptModels(bootstrap.triage_models()))
        wanted = wanted_fields(_desk(None))
        texts = [_long_text(chance) for _ in range(41)]
        own.guess(texts[0], wanted)
        spent: list[list[float]] = []
        for forget in (True, False):
            each = []
            for text in texts[1:]:
                if forget:
                    features.forget_words()
                began = time.process_time()
                own.guess(text, wanted)
                each.append(1000 * (time.process_time() - began))
            spent.append(each)
        return median(spent[0]), median(spent[1])


def routing() -> str:
    """The table of routing."""
    skills = {AGENT.id: {"category:billing": 4}, AGENT2.id: {"category:technical": 4}}
    dearest = GroupAssignment("", AssignmentMethod.ROUND_ROBIN, keep_with_known=True)
    skilled = GroupAssignment("", AssignmentMethod.SKILLS, keep_with_known=True, skills=skills)
    rows: list[list[object]] = [
        ["least busy, no models", *_routed(None, None)],
        ["least busy, models", *_routed(None, _plant_models)],
        ["skills, who knows the requester, models", *_routed(skilled, _plant_models)],
        ["by turns, who knows the requester, models", *_routed(dearest, _plant_models)],
    ]
    cold, warm = _guessing()
    note = (
        f"Of a warm router; the configuration is in memory. Aims: {AIM_CALLS} calls, {AIM_MILLISECONDS} ms. The router's CPU holds "
        "the SDK's (writing, signing and reading of calls). Looking at a text of 1,500 characters with five models takes "
        f"{cold:.1f} ms where no word of it was seen before, {warm:.1f} ms where all were (aim: 5)."
    )
    return table("Routing a ticket", ["how", "table calls", "router's CPU ms", "CPU ms of playing AWS"], rows, note)
