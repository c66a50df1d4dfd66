"""What routes read of a call beside its body: keys of repetition, files that were uploaded."""

from collections.abc import Callable, Sequence

from helpdesk import bootstrap
from helpdesk.channels.service import KEY_KEPT_SECONDS, body_hash
from helpdesk.contracts.table import idempotency_key
from helpdesk.platform.access import uploads_of
from helpdesk.platform.http import Call, idempotency_header
from helpdesk.platform.signing import after
from helpdesk.tickets.model import Attachment
from helpdesk.tickets.service import Guard

KEY_MEANING = "Makes a repetition of the call give the first one's answer, for a day at least."


def guard_of(call: Call, scope: str) -> Guard | None:
    """What lets a call with an Idempotency-Key happen once among the calls of a scope; None without one.

    Raises:
        Invalid: the key is empty or too long.
    """
    key = idempotency_header(call)
    if key is None:
        return None
    expires = after(call.now, KEY_KEPT_SECONDS)
    return Guard("idempotency", idempotency_key(scope, key), note=body_hash(call.raw), expires_at=expires)


def attach_of(call: Call, tokens: Sequence[str]) -> Callable[[str], tuple[Attachment, ...]] | None:
    """What makes uploaded files those of a ticket's message; None where there are none.

    Raises:
        Invalid: one is no upload of this desk, or is older than a day.
    """
    uploads = uploads_of(call, tokens, bootstrap.signer())

    def attach(ticket_id: str) -> tuple[Attachment, ...]:
        return tuple(bootstrap.files().claim(upload, ticket_id) for upload in uploads)

    return attach if uploads else None
