"""Bulk actions: starting one, following it, stopping it, undoing it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from functions.desk.routes.tickets import change_of, query_of
from functions.desk.schemas import bulk as schemas
from functions.desk.schemas.tickets import PageQuery, instant
from functions.desk.shelf import KEY
from helpdesk import bootstrap
from helpdesk.bulk.model import MAX_SELECTED, MAX_WRITTEN_DOWN, BulkMessage, Job, Result, State, Wish
from helpdesk.bulk.rules import change_text
from helpdesk.channels.service import body_hash
from helpdesk.kernel.clock import format_instant, parse_instant
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.text import clean_line
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, idempotency_header
from helpdesk.tickets.model import Visibility

TAG = "Bulk actions"
CHUNKS = 40
"""Of results in one answer: a thousand tickets."""


def start(call: Call) -> Reply:
    """Starts a bulk action."""
    body: schemas.BulkIn = call.body
    key = idempotency_header(call)
    made_from = body_hash(call.raw) if key is not None else ""
    wish = _wish_of(body, call)
    chosen: Sequence[str] = body.tickets or ()
    most = MAX_SELECTED
    if body.view_id is not None:
        # By the second time the view may hold others, or none: it is what was written down the first time.
        before = bootstrap.bulk().started(call.agent, key, made_from) if key is not None else None
        if before is not None:
            return Reply(_out(before))
        chosen, most = _written_down(body, call), MAX_WRITTEN_DOWN
    job = bootstrap.bulk().start(wish, chosen, call.agent, most=most, key=key, made_from=made_from)
    return Reply(_out(job))


def _written_down(body: schemas.BulkIn, call: Call) -> list[str]:
    """The tickets that a view holds now.

    Raises:
        Invalid: there are none or too many, or others are named beside it.
    """
    if body.tickets or body.view is not None or body.incident is not None:
        raise Invalid("Some fields are not valid.", [FieldError("/view_id", "cannot be given beside other tickets")])
    views = bootstrap.views()
    found = views.ids(views.listing(body.view_id or "", call.agent), call.agent, most=MAX_WRITTEN_DOWN + 1)
    if found and len(found) <= MAX_WRITTEN_DOWN:
        return found
    fault = f"holds more than {MAX_WRITTEN_DOWN} tickets" if found else "holds no tickets"
    raise Invalid("Nothing was changed.", [FieldError("/view_id", fault)])


def list_own(call: Call) -> Reply:
    """A page of the agent's bulk actions."""
    query: PageQuery = call.query
    signer, name = bootstrap.signer(), f"bulk/{call.agent.id}"
    position = signer.read_cursor(name, query.cursor, call.now)
    page = bootstrap.bulk().page(call.agent, limit=query.limit, position=position)
    return Reply(schemas.BulksOut([_out(job) for job in page.items], signer.sign_cursor(name, page.next_position)))


def get(call: Call) -> Reply:
    """How far one is."""
    query: schemas.ProgressQuery = call.query
    progress = bootstrap.bulk().progress(call.params["id"], call.agent, after=query.after, limit=CHUNKS)
    out = _out(progress.job)
    return Reply(
        schemas.ProgressOut(
            **{name: getattr(out, name) for name in out.__struct_fields__},
            results=[_result_out(one) for one in progress.results],
            sequence=progress.sequence,
            more=progress.more,
        )
    )


def cancel(call: Call) -> Reply:
    """Stops one."""
    return Reply(_out(bootstrap.bulk().cancel(call.params["id"], call.agent)))


def undo(call: Call) -> Reply:
    """Takes one back."""
    return Reply(_out(bootstrap.bulk().undo(call.params["id"], call.agent)))


def _wish_of(body: schemas.BulkIn, call: Call) -> Wish:
    action = body.action
    _require(action, call)
    change, message, snooze = action.change, action.message, action.snooze
    return Wish(
        change=change_text(change_of(change, call)) if change is not None else "",
        add_tags=_tags(change.add_tags) if change is not None else (),
        remove_tags=_tags(change.remove_tags) if change is not None else (),
        macro_id=action.macro_id,
        message=_message_of(message),
        snooze=snooze is not None,
        snooze_until=_instant(snooze.until) if snooze is not None and snooze.until is not None else None,
        view=query_of(body.view, call) if body.view is not None else None,
        incident=body.incident,
    )


def _require(action: schemas.BulkAction, call: Call) -> None:
    """Refuses what the caller could not do to a single ticket.

    Raises:
        Forbidden: a permission is missing.
    """
    message = action.message
    if action.change is not None or action.snooze is not None or action.macro_id is not None:
        call.require(Permission.CHANGE)
    if action.macro_id is not None or (message is not None and message.visibility == "public"):
        call.require(Permission.REPLY)
    if message is not None:
        call.require(Permission.NOTE)
        if message.status is not None or message.custom_status is not None:
            call.require(Permission.CHANGE)


def _message_of(message: schemas.BulkMessageIn | None) -> BulkMessage | None:
    if message is None:
        return None
    return BulkMessage(message.body, Visibility(message.visibility), message.status, message.custom_status)


def _tags(tags: list[str] | msgspec.UnsetType) -> tuple[str, ...]:
    return () if isinstance(tags, msgspec.UnsetType) else tuple(dict.fromkeys(clean_line(tag) for tag in tags))


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        fault = FieldError("/action/snooze/until", "is not an instant such as 2026-11-21T09:30:00.000Z")
        raise Invalid("Some fields are not valid.", [fault]) from error


def _out(job: Job) -> schemas.BulkOut:
    tally, undone = job.tally, job.undo_tally
    undoing = job.state in {State.UNDOING, State.UNDONE}
    return schemas.BulkOut(
        id=job.id,
        state=job.state,
        agent=job.agent,
        does=list(job.does),
        created_at=format_instant(job.created_at),
        finished_at=instant(job.finished_at),
        total=job.total,
        done=undone.all if undoing else tally.all,
        tally=schemas.TallyOut(tally.changed, tally.unchanged, tally.failed),
        undo=schemas.UndoTallyOut(undone.undone, undone.partly_undone, undone.kept, undone.failed) if undoing else None,
        undo_until=instant(job.undo_until),
        stopping=job.stop is not None,
    )


def _result_out(result: Result) -> schemas.BulkResultOut:
    return schemas.BulkResultOut(
        result.ticket_id, result.number, result.outcome, result.problem, result.detail, list(result.stays)
    )


ENDPOINTS = (
    Endpoint(
        "POST /v1/bulk",
        name="startBulkAction",
        summary="Do the same to many tickets",
        description="Answered at once; the tickets follow one by one, each by itself, as single changes would be. Follow "
        "it with `GET /v1/bulk/{id}`.",
        handle=start,
        needs=Permission.BULK,
        body=schemas.BulkIn,
        response=schemas.BulkOut,
        status=202,
        errors={
            404: "There is no such view.",
            422: "The Idempotency-Key came with another body before.",
        },
        headers=KEY,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/bulk",
        name="listBulkActions",
        summary="Your bulk actions of the last 30 days, newest first",
        handle=list_own,
        needs=Permission.BULK,
        query=PageQuery,
        response=schemas.BulksOut,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/bulk/{id}",
        name="getBulkAction",
        summary="How far a bulk action is, and what became of tickets since you asked last",
        handle=get,
        needs=Permission.BULK,
        query=schemas.ProgressQuery,
        response=schemas.ProgressOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/bulk/{id}/cancel",
        name="cancelBulkAction",
        summary="Stop a bulk action; what was done stays done",
        handle=cancel,
        needs=Permission.BULK,
        response=schemas.BulkOut,
        status=202,
        errors={409: "It is being undone."},
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/bulk/{id}/undo",
        name="undoBulkAction",
        summary="Take a bulk action back, within a day; one that is under way is stopped first",
        description="Each ticket becomes what it was, clocks included. What somebody changed since stays, and is named in "
        "the results; public messages that are held still are never sent, notes stay.",
        handle=undo,
        needs=Permission.BULK,
        response=schemas.BulkOut,
        status=202,
        errors={409: "It ended more than a day ago."},
        tag=TAG,
    ),
)
