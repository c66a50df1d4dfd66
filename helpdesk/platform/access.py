"""Who a requester is, by the token of their link: one ticket, one person, for a while."""

from helpdesk.kernel.errors import NotFound, Unauthenticated
from helpdesk.platform.http import Call
from helpdesk.platform.signing import Purpose, Signer


def requester_of(call: Call, signer: Signer) -> tuple[str, str]:
    """The ticket and the person that a call's bearer token is for.

    Raises:
        Unauthenticated: no token, or none of ours.
        Gone: it has expired.
        NotFound: it is for another ticket than the path names: for its holder, that one does not exist.
    """
    claims = signer.read(Purpose.REQUEST, call.bearer, call.now)
    ticket_id, person_id = claims.get("t"), claims.get("p")
    if not isinstance(ticket_id, str) or not isinstance(person_id, str):
        raise Unauthenticated("This token is not one of ours.")
    if call.params.get("id") != ticket_id:
        raise NotFound("There is no such request.")
    return ticket_id, person_id
