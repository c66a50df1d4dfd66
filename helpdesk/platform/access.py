"""What signed tokens and sessions in a call prove.

Who a requester is: one ticket, one person, for a while, and perhaps only to read; or whoever signed in at the portal, who
comes with a cookie that no script can read. Which uploads are of this desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from helpdesk.channels.model import Upload
from helpdesk.kernel.codec import from_document
from helpdesk.kernel.errors import FieldError, Forbidden, Gone, Invalid, NotFound, Unauthenticated
from helpdesk.platform.http import Call
from helpdesk.platform.signing import Purpose, Signer
from helpdesk.portal.model import OpenToNobodyElse
from helpdesk.tickets.model import Participant

READ_ONLY_CLAIM: Final = "r"
"""In the links of mails that others got in copy: whoever holds one sees what they were sent, and speaks for nobody."""


COOKIES: Final = ("__Host-portal", "portal")
"""Names of the portal's cookie by https and without; the first cannot be set by a neighbouring host."""
SIGN_ON_COOKIES: Final = ("__Host-portal-sign-on", "portal-sign-on")
"""The same of what a browser holds while its owner is at their organization's sign-in."""
PAGE_HEADER: Final = "x-helpdesk-page"
"""What the portal's pages send along with calls that do something."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who deals with a request.

    Attributes:
        owner_id: its requester, as the ticket knows them.
        person_id: who is calling.
        speaker: the caller, where they are not its requester.
        only_reads: they may not change anything.
    """

    ticket_id: str
    owner_id: str
    person_id: str
    speaker: Participant | None = None
    only_reads: bool = False


def requester_of(call: Call, signer: Signer, *, writes: bool = False) -> Asking:
    """The ticket and the person that a call's bearer token is for.

    Raises:
        Unauthenticated: no token, or none of ours.
        Gone: it has expired.
        Forbidden: the call writes, and the token only reads.
        NotFound: it is for another ticket than the path names: for its holder, that one does not exist.
    """
    claims = signer.read(Purpose.REQUEST, call.bearer, call.now)
    ticket_id, person_id = claims.get("t"), claims.get("p")
    if not isinstance(ticket_id, str) or not isinstance(person_id, str):
        raise Unauthenticated("This token is not one of ours.")
    if call.params.get("id") != ticket_id:
        raise NotFound("There is no such request.")
    if writes and READ_ONLY_CLAIM in claims:
        raise Forbidden("This link only shows the request, as others got it too. Answer by mail, or by your own link.")
    return Asking(ticket_id, person_id, person_id, only_reads=READ_ONLY_CLAIM in claims)


def session_of(call: Call) -> str | None:
    """What the caller's browser holds of a session of the portal; None: nothing.

    Raises:
        OpenToNobodyElse: the call does something, and comes from no page of ours: the cookie goes along with whatever the
            browser sends here, but no other site can add this header.
    """
    held = next((call.cookies[name] for name in COOKIES if name in call.cookies), None)
    if held is not None and call.method not in {"GET", "HEAD"}:
        refuse_other_pages(call)
    return held


def refuse_other_pages(call: Call) -> None:
    """Refuses a call that comes from no page of ours: no other site can add this header.

    Raises:
        OpenToNobodyElse: it does.
    """
    if PAGE_HEADER not in call.headers:
        raise OpenToNobodyElse("This can only be done from the portal's own pages.")


def sign_on_of(call: Call) -> str | None:
    """What the caller's browser holds of a sign-in that began in it; None: nothing."""
    return next((call.cookies[name] for name in SIGN_ON_COOKIES if name in call.cookies), None)


def session_cookie(held: str, seconds: int, *, secure: bool) -> str:
    """The line that lets a browser hold a session: no script reads it, no other site's page sends it.

    Args:
        held: what to hold; empty: nothing any more.
        seconds: for how long.
        secure: the pages come by https; else this is a desk on one machine.
    """
    return _cookie(COOKIES, held, seconds, secure=secure)


def sign_on_cookie(held: str, seconds: int, *, secure: bool) -> str:
    """The same of what binds a sign-in at an organization to the browser that began it."""
    return _cookie(SIGN_ON_COOKIES, held, seconds, secure=secure)


def _cookie(names: tuple[str, str], held: str, seconds: int, *, secure: bool) -> str:
    name = names[0] if secure else names[1]
    return f"{name}={held}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{'; Secure' if secure else ''}"


def uploads_of(call: Call, tokens: Sequence[str], signer: Signer) -> tuple[Upload, ...]:
    """The uploads that a body's `attachments` name.

    Raises:
        Invalid: one is no upload of this desk, or is older than a day; `errors` says which.
    """
    uploads: list[Upload] = []
    for place, token in enumerate(tokens):
        try:
            uploads.append(from_document(Upload, signer.read(Purpose.UPLOAD, token, call.now)))
        except (Unauthenticated, Gone) as error:
            fault = FieldError(f"/attachments/{place}", "is not an upload of this desk, or is older than a day")
            raise Invalid("A file cannot be attached.", [fault]) from error
    return tuple(uploads)
