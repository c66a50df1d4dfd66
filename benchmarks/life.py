"""One ticket's whole life, counted step by step: AWS calls, read units, write units."""

from collections.abc import Callable

from benchmarks.meter import Reading, metering
from benchmarks.tables import table
from tests.support.desk import AGENT, CLOSE_AFTER_SECONDS, SURVEY_DELAY_SECONDS
from tests.support.raw_mails import a_mail, an_answer
from tests.support.world import World, a_world

ANN = "ann@example.com"
BODY = "Since this morning it stops with error 0x8007 whenever I print more than one page. " * 3
REPLY = "Thank you. I have tried that, and it is better but not good: the second page is still missing. " * 2

AIM_CALLS = 5
AIM_WRITES = 20

type Steps = list[tuple[str, Reading]]


class Life:
    """Plays one ticket."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.steps: Steps = []
        self.ticket_id = ""
        self.token = ""

    def step(self, name: str, act: Callable[[], object]) -> None:
        """Plays one step some minutes after the last, and keeps what was counted."""
        self.world.advance(minutes=5)
        with metering(self.world) as reading:
            act()
        self.steps.append((name, reading))

    def reply(self) -> None:
        """The requester writes."""
        path = f"/v1/requests/{self.ticket_id}/messages"
        self.world.api("POST", path, {"body": REPLY}, token=self.token).ok()

    def rate(self) -> None:
        """The requester looks at the survey and answers it."""
        invitation = [mail for mail in self.world.sent_to(ANN) if "/portal/survey/" in mail.text][-1]
        path = "/v1/surveys/" + invitation.link("/portal/survey/").rpartition("/")[2]
        self.world.api("GET", path).ok()
        self.world.api("POST", path, {"rating": 5, "comment": "Quick and kind."}).ok()

    def open(self) -> None:
        """The requester asks."""
        opened = self.world.open(ANN, name="Ann Lee", subject="The printer stops", body=BODY, category="technical")
        self.ticket_id, self.token = opened["ticket"]["id"], opened["access_token"]

    def close(self) -> None:
        """Days later it is closed."""
        self.world.advance(seconds=CLOSE_AFTER_SECONDS)
        self.world.sweep()
        self.world.settle()

    def ask(self) -> None:
        """An hour later the requester is asked how it went."""
        self.world.advance(seconds=SURVEY_DELAY_SECONDS)
        self.world.sweep()
        self.world.settle()

    def solve(self) -> None:
        """The agent is done."""
        version = self.world.ticket(self.ticket_id).version
        headers = {"If-Match": f'"{version}"'}
        self.world.api(
            "PATCH", f"/v1/tickets/{self.ticket_id}", {"status": "solved"}, agent=AGENT.id, headers=headers
        ).ok()

    def live(self) -> Steps:
        """Plays all of it."""
        world = self.world
        self.step("open (API, known requester)", self.open)
        self.step("acknowledge, route, tell the agent", world.settle)
        for number in (1, 2):
            self.step(f"answer {number} of the agent", lambda: world.answer(self.ticket_id, AGENT.id, REPLY).ok())
            self.step(f"… sent to the requester ({number})", world.settle)
            self.step(f"reply {number} of the requester (API)", self.reply)
            self.step(f"… told to the agent ({number})", world.settle)
        self.step("solve", self.solve)
        self.step("… published", world.settle)
        self.step("survey due, asked", self.ask)
        self.step("look at the survey, rate", self.rate)
        self.step("closed by itself", self.close)
        return self.steps


def _row(name: str, reading: Reading) -> list[object]:
    others = ", ".join(f"{service} {count}" for service, count in sorted(reading.others.items()))
    cost = reading.cost
    return [name, cost.calls, others, cost.reads, cost.writes, cost.most]


def whole_life() -> str:
    """The table of a ticket's life."""
    with a_world() as world:
        Life(world).live()  # warms all containers up, and makes the requester known
        steps = Life(world).live()
    total = Reading()
    for _, reading in steps:
        total.calls += reading.calls
        total.cost += reading.cost
    rows = [_row(name, reading) for name, reading in steps]
    rows.append(_row("whole life", total))
    head = ["step", "table calls", "other calls", "read units", "write units", "at most"]
    note = (
        "Warm containers; the configuration is read anew every five seconds by each (its query is in the figures). "
        "Idle sweeps of the minutes between are not. `at most`: if index entries that a transaction changes count twice."
    )
    return table("One ticket's whole life", head, rows, note)


def openings() -> str:
    """The table of what it takes to open a ticket, against the aims."""
    fields = {"subject": "The printer stops", "body": BODY, "category": "technical"}
    keys, people = (f"key-{number}" for number in range(9)), (f"p{number}@example.com" for number in range(9))
    with a_world() as world:
        world.open(ANN, name="Ann Lee", **fields)
        world.settle()
        acknowledgement = world.sent_to(ANN)[0]
        acts: list[tuple[str, Callable[[], object]]] = [
            ("API, known requester", lambda: world.open(ANN, **fields)),
            ("API, known requester, Idempotency-Key", lambda: world.open(ANN, key=next(keys), **fields)),
            ("API, new requester", lambda: world.open(next(people), **fields)),
            ("mail, known requester", lambda: world.mail(a_mail(ANN, "The printer stops", BODY))),
            ("mail, new requester", lambda: world.mail(a_mail(next(people), "The printer stops", BODY))),
            ("mail, reply to a ticket", lambda: world.mail(an_answer(acknowledgement, ANN, REPLY))),
        ]
        rows: list[list[object]] = []
        for name, act in acts:
            act()  # from here on the configuration is in memory
            with metering(world) as reading:
                act()
            rows.append(_row(name, reading))
    head = ["opening a ticket", "table calls", "other calls", "read units", "write units", "at most"]
    note = (
        f"Aims for a known requester by the API: {AIM_CALLS} table calls before the answer, {AIM_WRITES} write units."
    )
    return table("Before the answer", head, rows, note)
