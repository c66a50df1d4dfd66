"""An admin sets the desk itself: its name, its days, how long things take."""

from helpdesk import bootstrap
from tests.support.desk import ADMIN, AGENT, SUPERVISOR
from tests.support.world import a_world

PATH = "/v1/settings/general"


def test_the_desk_is_set_by_its_admins_and_everything_wrong_is_named() -> None:
    with a_world() as world:
        shown = dict(world.api("GET", PATH, agent=ADMIN.id).ok().body)
        version = shown.pop("version")
        matrix = bootstrap.desk_store().load().general.priority_matrix
        wished = {**shown, "name": "  Our   desk ", "time_zone": "Asia/Seoul", "close_after_seconds": None}
        seen = {"If-Match": f'"{version}"'}
        saved = world.api("PUT", PATH, wished, agent=ADMIN.id, headers=seen).ok()
        assert (saved["name"], saved["time_zone"], saved["close_after_seconds"]) == ("Our desk", "Asia/Seoul", None)
        world.api("PUT", PATH, {**wished, "name": "Another"}, agent=ADMIN.id, headers=seen).refused(
            409, "stale_version"
        )
        kept = bootstrap.desk_store().load().general
        assert (kept.close_after_seconds, kept.priority_matrix) == (None, matrix), "what has its own page stays"
        assert world.api("GET", "/v1/me", agent=AGENT.id).ok()["desk"] == "Our desk", "the pages show it to everybody"
        assert world.api("GET", "/v1/reports/sla", agent=SUPERVISOR.id).ok()["zone"] == "Asia/Seoul"
        wrong = {**shown, "time_zone": "Mars/Olympus", "language": "xx", "default_group": "nobody"}
        refused = world.api("PUT", PATH, wrong, agent=ADMIN.id).refused(400)
        assert refused.pointers == {"/time_zone", "/language", "/default_group"}
        world.api("PUT", PATH, wished, agent=SUPERVISOR.id).refused(403)
