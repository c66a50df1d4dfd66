"""What signed tokens in a call prove.

Who a requester is: one ticket, one person, for a while, and perhaps only to read. Which uploads are of this desk.
"""

from collections.abc import Sequence
from typing import Final

from helpdesk.channels.model import Upload
from helpdesk.kernel.codec import from_document
from helpdesk.kernel.errors import FieldError, Forbidden, Gone, Invalid, NotFound, Unauthenticated
from helpdesk.platform.http import Call
from helpdesk.platform.signing import Purpose, Signer

READ_ONLY_CLAIM: Final = "r"
"""In the links of mails that others got in copy: whoever holds one sees what they were sent, and speaks for nobody."""


def requester_of(call: Call, signer: Signer, *, writes: bool = False) -> tuple[str, str]:
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
    return ticket_id, person_id


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
