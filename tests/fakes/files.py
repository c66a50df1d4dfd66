"""Files in memory: the twin of `channels.store`."""

from helpdesk.channels.model import Upload, UploadTarget
from helpdesk.channels.store import SHOWN_INLINE
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.tickets.model import Attachment


class FakeFiles:
    """See `channels.service.FileStore`. `uploaded` are files that wait for their message, by the upload's id."""

    def __init__(self) -> None:
        self.uploaded: dict[str, bytes] = {}
        self.stored: dict[str, bytes] = {}

    def upload_target(self, upload: Upload) -> UploadTarget:
        """Where a browser sends this file."""
        return UploadTarget("https://files.test/", {"key": f"uploads/{upload.id}"})

    def claim(self, upload: Upload, ticket_id: str) -> Attachment:
        """Makes an uploaded file an attachment of a ticket."""
        content = self.uploaded.get(upload.id)
        if content is None:
            raise Invalid("A file is missing.", [FieldError("/attachments", f"{upload.filename} was not uploaded")])
        key = self.put(ticket_id, upload.id, upload.filename, upload.content_type, content)
        return Attachment(upload.id, upload.filename, upload.content_type, len(content), key)

    def put(self, ticket_id: str, attachment_id: str, filename: str, content_type: str, content: bytes) -> str:
        """Stores an attachment's bytes; gives the object key."""
        del filename, content_type
        key = f"attachments/{ticket_id}/{attachment_id}"
        self.stored[key] = content
        return key

    def link(self, attachment: Attachment, *, inline: bool) -> str:
        """A link to an attachment."""
        return f"https://files.test/{attachment.object_key}?inline={inline and attachment.content_type in SHOWN_INLINE}"
