"""Asking third parties by mail, in threads of their own beside a ticket. The requester sees nothing of it."""

from functions.desk.calls import attach_of, guard_of
from functions.desk.schemas import sides as schemas
from functions.desk.schemas.tickets import LinkOut, MessageOut, MessagesOut, PageQuery, SideOut
from functions.desk.shapes import Fate, message_out, side_fates_of, sides_out
from helpdesk import bootstrap
from helpdesk.channels.service import find_attachment
from helpdesk.channels.store import LINK_SECONDS
from helpdesk.kernel.clock import format_instant
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.platform.signing import after
from helpdesk.tickets.asides import Asking, Writing
from helpdesk.tickets.model import Message, Ticket

TAG = "Side conversations"
_COLLECTION = "/v1/tickets/{id}/side-conversations"
_ONE = f"{_COLLECTION}/{{side_id}}"
_REPEATS = {"Idempotency-Key": "Makes a repetition of the call give the first one's answer, for a day at least."}


def start_side(call: Call) -> Reply:
    """Asks third parties."""
    body: schemas.SideIn = call.body
    asking = Asking(
        to=tuple((one.email, one.name) for one in body.to),
        cc=tuple((one.email, one.name) for one in body.cc),
        subject=body.subject,
        first=_writing(call, body, "side-conversations"),
        reopen_on_answer=body.reopen_on_answer,
    )
    ticket, message = bootstrap.sides().start(call.params["id"], asking, call.agent)
    conversation = next(one for one in sides_out(ticket) if one.id == message.side_id)
    return Reply(schemas.SideStartedOut(conversation, _written(message, call)))


def list_sides(call: Call) -> Reply:
    """A ticket's side conversations."""
    return Reply(schemas.SidesOut(sides_out(bootstrap.agent_desk().get(call.params["id"]))))


def list_side_messages(call: Call) -> Reply:
    """A page of a side conversation."""
    query: PageQuery = call.query
    ticket_id, side_id, signer = call.params["id"], call.params["side_id"], bootstrap.signer()
    position = signer.read_cursor(f"sides/{ticket_id}/{side_id}", query.cursor, call.now)
    ticket, page = bootstrap.sides().messages(ticket_id, side_id, limit=query.limit, position=position)
    fates = side_fates_of(ticket, page.items)
    items = [message_out(message, fates.get(message.id, Fate()), call) for message in page.items]
    return Reply(MessagesOut(items, signer.sign_cursor(f"sides/{ticket_id}/{side_id}", page.next_position)))


def add_side_message(call: Call) -> Reply:
    """Writes on."""
    body: schemas.SideMessageIn = call.body
    side_id = call.params["side_id"]
    _, message = bootstrap.sides().write(call.params["id"], side_id, _writing(call, body, side_id), call.agent)
    return Reply(_written(message, call))


def undo_side_message(call: Call) -> Reply:
    """Takes a held message back."""
    message = bootstrap.sides().withdraw(*_message_of(call), call.agent)
    return Reply(message_out(message, Fate("withdrawn"), call))


def send_side_message(call: Call) -> Reply:
    """Sends a held message now."""
    ticket, message = bootstrap.sides().send_now(*_message_of(call), call.agent)
    return Reply(message_out(message, side_fates_of(ticket, [message]).get(message.id, Fate()), call))


def close_side(call: Call) -> Reply:
    """Waits for nothing more there."""
    return _side_reply(bootstrap.sides().close(call.params["id"], call.params["side_id"], call.agent), call)


def reopen_side(call: Call) -> Reply:
    """Goes on with it."""
    return _side_reply(bootstrap.sides().reopen(call.params["id"], call.params["side_id"], call.agent), call)


def add_side_person(call: Call) -> Reply:
    """Lets somebody get its mails."""
    body: schemas.SidePersonIn = call.body
    ticket_id, side_id = call.params["id"], call.params["side_id"]
    ticket = bootstrap.sides().add(ticket_id, side_id, (body.email, body.name), call.agent, cc=body.cc)
    return _side_reply(ticket, call)


def remove_side_person(call: Call) -> Reply:
    """Lets somebody get its mails no more."""
    ticket_id, side_id = call.params["id"], call.params["side_id"]
    return _side_reply(bootstrap.sides().remove(ticket_id, side_id, call.params["person_id"], call.agent), call)


def get_side_attachment(call: Call) -> Reply:
    """A link to a file."""
    found = bootstrap.sides().message(*_message_of(call))
    attachment = find_attachment((found,), call.params["attachment_id"])
    url = bootstrap.files().link(attachment, inline=True)
    return Reply(LinkOut(url, format_instant(after(call.now, LINK_SECONDS))))


def _writing(call: Call, body: schemas.SideMessageIn, where: str) -> Writing:
    if body.status is not None or body.custom_status is not None:
        call.require(Permission.CHANGE)
    attach = attach_of(call, body.attachments)
    guard = guard_of(call, f"agents/{call.agent.id}/{call.params['id']}/{where}")
    return Writing(body.body, body.status, body.custom_status, body.hold_seconds, attach, guard)


def _written(message: Message, call: Call) -> MessageOut:
    return message_out(message, Fate("queued", held_until=message.send_at), call)


def _message_of(call: Call) -> tuple[str, str, str]:
    return call.params["id"], call.params["side_id"], call.params["message_id"]


def _side_reply(ticket: Ticket, call: Call) -> Reply:
    return Reply(next(one for one in sides_out(ticket) if one.id == call.params["side_id"]))


ENDPOINTS = (
    Endpoint(
        f"GET {_COLLECTION}",
        name="listSideConversations",
        summary="What third parties are asked beside a ticket; oldest first",
        handle=list_sides,
        needs=Permission.READ,
        response=schemas.SidesOut,
        tag=TAG,
    ),
    Endpoint(
        f"POST {_COLLECTION}",
        name="startSideConversation",
        summary="Ask third parties by mail, in a thread of its own",
        description="The requester never sees it. Answers come back to it, and tell who asked and who has the ticket.",
        handle=start_side,
        needs=Permission.REPLY,
        body=schemas.SideIn,
        response=schemas.SideStartedOut,
        status=201,
        errors={
            409: "The ticket is closed, or has as many as it can.",
            422: "The Idempotency-Key came with another body before.",
        },
        headers=_REPEATS,
        tag=TAG,
    ),
    Endpoint(
        f"GET {_ONE}/messages",
        name="listSideMessages",
        summary="A side conversation's messages, newest first",
        handle=list_side_messages,
        needs=Permission.READ,
        query=PageQuery,
        response=MessagesOut,
        tag=TAG,
    ),
    Endpoint(
        f"POST {_ONE}/messages",
        name="addSideMessage",
        summary="Write on in a side conversation; one that was closed is open again",
        handle=add_side_message,
        needs=Permission.REPLY,
        body=schemas.SideMessageIn,
        response=MessageOut,
        status=201,
        errors={
            409: "A status was to be set on a closed ticket, or cannot come next.",
            422: "The Idempotency-Key came with another body before.",
        },
        headers=_REPEATS,
        tag=TAG,
    ),
    Endpoint(
        f"POST {_ONE}/messages/{{message_id}}/undo",
        name="undoSideMessage",
        summary="Take back a message that is held",
        description="Only who wrote it, and only until it is sent. A conversation whose only message it was is closed.",
        handle=undo_side_message,
        needs=Permission.REPLY,
        response=MessageOut,
        errors={409: "It was sent already."},
        tag=TAG,
    ),
    Endpoint(
        f"POST {_ONE}/messages/{{message_id}}/send",
        name="sendSideMessage",
        summary="Send a message now that is held",
        description="Only who wrote it. One that was sent already is left as it is.",
        handle=send_side_message,
        needs=Permission.REPLY,
        response=MessageOut,
        errors={409: "It was taken back."},
        tag=TAG,
    ),
    Endpoint(
        f"GET {_ONE}/messages/{{message_id}}/attachments/{{attachment_id}}",
        name="getSideAttachment",
        summary="A link to a file of a side conversation",
        handle=get_side_attachment,
        needs=Permission.READ,
        response=LinkOut,
        tag="Files",
    ),
    Endpoint(
        f"POST {_ONE}/close",
        name="closeSideConversation",
        summary="Wait for nothing more there; an answer opens it again",
        handle=close_side,
        needs=Permission.REPLY,
        response=SideOut,
        tag=TAG,
    ),
    Endpoint(
        f"POST {_ONE}/reopen",
        name="reopenSideConversation",
        summary="Go on with a side conversation",
        handle=reopen_side,
        needs=Permission.REPLY,
        response=SideOut,
        tag=TAG,
    ),
    Endpoint(
        f"POST {_ONE}/participants",
        name="addSideParticipant",
        summary="Let somebody get a side conversation's mails",
        handle=add_side_person,
        needs=Permission.REPLY,
        body=schemas.SidePersonIn,
        response=SideOut,
        errors={409: "It has no room for more."},
        tag=TAG,
    ),
    Endpoint(
        f"DELETE {_ONE}/participants/{{person_id}}",
        name="removeSideParticipant",
        summary="Let somebody get a side conversation's mails no more",
        handle=remove_side_person,
        needs=Permission.REPLY,
        response=SideOut,
        errors={409: "Nobody would be left."},
        tag=TAG,
    ),
)
