"""The demo desk's stories can be told: what they say fits the desk they are told at."""

from helpdesk import bootstrap
from helpdesk.community.model import NO_PLACE, Order
from helpdesk.tickets.model import Status
from helpdesk.tickets.views import TicketQuery
from local import demo
from local.demo_community import demo_questions, furnish_community
from local.demo_desk import AGENTS, REQUESTS, SUPERVISOR, demo_desk
from local.demo_views import VIEWS
from local.demo_work import furnish_work
from tests.support.world import a_world


def test_every_story_of_the_demo_desk_becomes_a_ticket_that_is_described_as_it_says() -> None:
    with a_world(demo_desk()):
        demo._requests()
        furnish_work()  # what `make run` does on its first start
        furnish_community(AGENTS)
        demo._views()
        rows = bootstrap.ticket_store().rows(TicketQuery(), limit=100, position=None).items
        found = {row.subject: row for row in rows}
        assert set(found) == {story.subject for story in REQUESTS}
        for story in REQUESTS:
            row = found[story.subject]
            assert row.fields == story.fields
            assert row.product == story.product
            if story.end is not None:
                assert story.end in {row.status, row.custom_status}
        waiting = [row for row in rows if row.custom_status == "waiting_for_parts"]
        assert {row.status for row in waiting} == {Status.ON_HOLD}
        kept = [(view.title, count) for view, count in bootstrap.views().counts(SUPERVISOR) if not view.built_in]
        assert [title for title, _ in kept] == [view.title for view in VIEWS]
        open_now = [row for row in rows if row.status.category != "done"]
        assert dict(kept)["Who has what"] == len(open_now)
        asked = bootstrap.community_store().listed(Order.ACTIVE, NO_PLACE, None, limit=50, position=None).items
        told = {one.title: one for one in demo_questions()}
        assert {one.title for one in asked} == {title for title, one in told.items() if not one.waits}
        for question in asked:
            story = told[question.title]
            assert (question.answers, question.score) == (len(story.answers), len(story.praise))
            assert (question.accepted is not None) == any(one.solved for one in story.answers)
        queue = bootstrap.community_store().queue(limit=50, position=None).items
        assert {one.question.title for one in queue} == {one.title for one in told.values() if one.waits or one.wrong}
