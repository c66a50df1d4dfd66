"""Erasing a person: ordered by who may, looked at while it is done."""

from functions.desk.schemas import privacy as schemas
from functions.desk.schemas.tickets import instant
from helpdesk import bootstrap
from helpdesk.kernel.audit import Told
from helpdesk.people.roles import Permission
from helpdesk.platform.audit import tell_alone
from helpdesk.platform.http import Call, Endpoint, Reply

TAG = "Privacy"


def order_export(call: Call) -> Reply:
    """Begins an export."""
    bootstrap.erasures().order_export(call.params["id"], call.agent)
    tell_alone(Told("person", call.params["id"], action="export_ordered"))
    return get_export(call)


def get_export(call: Call) -> Reply:
    """How far an export is, and where it is."""
    person_id = call.params["id"]
    found = bootstrap.erasures().find_export(person_id)
    ready = found.ready_at if found is not None else None
    return Reply(
        schemas.ExportOut(
            person_id=person_id,
            ordered_at=instant(found.ordered_at) if found is not None else None,
            ready_at=instant(ready),
            url=bootstrap.portable().link(found.id) if found is not None and ready is not None else None,
        )
    )


def get_erasure(call: Call) -> Reply:
    """What erasing a person would reach, and how far it is."""
    return _shown(call.params["id"])


def order_erasure(call: Call) -> Reply:
    """Erases a person."""
    body: schemas.ErasureIn = call.body
    bootstrap.erasures().order(call.params["id"], body.tickets, call.agent)
    tell_alone(Told("person", call.params["id"], action="erasure_ordered"))
    return _shown(call.params["id"])


def _shown(person_id: str) -> Reply:
    count, found = bootstrap.erasures().look(person_id)
    return Reply(
        schemas.ErasureOut(
            person_id=person_id,
            tickets=count,
            phase=found.phase if found is not None else None,
            emptied=found.tickets if found is not None else 0,
            by=found.by if found is not None else None,
            started_at=instant(found.started_at) if found is not None else None,
            finished_at=instant(found.finished_at) if found is not None else None,
        )
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/people/{id}/export",
        name="getExport",
        summary="How far an export of a person's data is, and a link to it",
        handle=get_export,
        needs=Permission.PRIVACY,
        response=schemas.ExportOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/people/{id}/export",
        name="orderExport",
        summary="Have all that is kept of a person written into one ZIP file, which is gone after a day",
        handle=order_export,
        needs=Permission.PRIVACY,
        response=schemas.ExportOut,
        status=202,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/people/{id}/erasure",
        name="getErasure",
        summary="How many tickets erasing a person would empty, and how far it is",
        handle=get_erasure,
        needs=Permission.PRIVACY,
        response=schemas.ErasureOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/people/{id}/erasure",
        name="erasePerson",
        summary="Erase a person for good: name, addresses and every word of the tickets they opened",
        description="Done step by step behind the call; asking again answers how far it is. History stays and verifies, as it "
        "never held a word. docs/privacy.md says what goes and what stays.",
        handle=order_erasure,
        needs=Permission.PRIVACY,
        body=schemas.ErasureIn,
        response=schemas.ErasureOut,
        status=202,
        tag=TAG,
    ),
)
