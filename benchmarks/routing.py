"""What routing a ticket costs: table calls and CPU, with the desk's own models looking at its words."""

import random
import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks.meter import metering
from benchmarks.tables import table
from helpdesk import bootstrap
from helpdesk.contracts import topology
from helpdesk.desk.model import Desk
from helpdesk.routing.learning.train import Example, train
from helpdesk.routing.model import AssignmentMethod, FieldModel, GroupAssignment, ModelSet, TriageMode, TriageSetting
from helpdesk.routing.triage import KeptModels, OwnModels, wanted_fields
from helpdesk.tickets.triaging import TriageField
from tests.support.desk import AGENT, AGENT2, desk_for_tests
from tests.support.solved import words_about
from tests.support.world import World, a_world

AIM_CALLS = 10
AIM_MILLISECONDS = 60
_LEARNED = {TriageField.CATEGORY: ("billing", "technical"), TriageField.GROUP: ("billing", "support")}


def _desk(assignment: GroupAssignment | None) -> Desk:
    desk = desk_for_tests()
    agents = {one.id: replace(one, capacity=1_000) for one in desk.agents.values()}
    acting = {TriageField.CATEGORY.value: TriageSetting(TriageField.CATEGORY, TriageMode.ACT)}
    assignments = {} if assignment is None else {group: replace(assignment, id=group) for group in desk.groups}
    return replace(desk, agents=agents, triage=acting, assignments=assignments)


def _plant_models(world: World) -> None:
    """Models of 400 texts, as a night's training writes them."""
    chance = random.Random(3)
    shelf = bootstrap.triage_models()
    fields = {}
    for field, labels in _LEARNED.items():
        said = [
            (label, about) for _ in range(200) for label, about in zip(labels, ("billing", "technical"), strict=True)
        ]
        model = train([Example(words_about(about, chance), label) for label, about in said])
        data = model.to_bytes()
        shelf.write(1, field, data)
        fields[field] = FieldModel(texts=400, size=len(data))
    shelf.replace(None, ModelSet(1, world.clock.now, fields))


def _routed(assignment: GroupAssignment | None, learned: Callable[[World], None] | None) -> list[object]:
    """Calls and CPU of a warm router for one ticket: the median of nine."""
    chance = random.Random(5)
    calls, spent = [], []
    with a_world(_desk(assignment)) as world:
        if learned is not None:
            learned(world)
        world.restart()
        for number in range(10):
            world.open(
                "ann@example.com", subject="Hello", body=" ".join(words_about("billing", chance) for _ in range(40))
            )
            world.publish()
            with metering(world) as reading:
                began = time.process_time()
                world.deliver(topology.ROUTER.name)
                spent.append(1000 * (time.process_time() - began))
            if number:
                calls.append(reading.cost.calls)
            world.settle()
    return [max(calls), round(sorted(spent[1:])[4], 1)]


def _guessing() -> float:
    """CPU milliseconds of looking at one text of 1,500 characters with two models."""
    chance = random.Random(5)
    with a_world(_desk(None)) as world:
        _plant_models(world)
        own = OwnModels(KeptModels(bootstrap.triage_models()))
        wanted = wanted_fields(_desk(None))
        texts = [" ".join(words_about("billing", chance) for _ in range(60))[:1500] for _ in range(41)]
        own.guess(texts[0], wanted)
        began = time.process_time()
        for text in texts[1:]:
            own.guess(text, wanted)
        return 1000 * (time.process_time() - began) / 40


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
    note = (
        f"Of a warm router; the configuration is in memory. Aims: {AIM_CALLS} calls, {AIM_MILLISECONDS} ms. The milliseconds "
        "hold what moto takes to play the table, which is most of them. Looking at a text of 1,500 characters with two models "
        f"takes {_guessing():.1f} ms (aim: 5)."
    )
    return table("Routing a ticket", ["how", "table calls", "CPU ms, the table's play included"], rows, note)
