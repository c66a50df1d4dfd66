"""Files in the bucket: uploads that wait for their message, attachments, links to them."""

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from botocore.exceptions import ClientError

from helpdesk.channels.model import Upload, UploadTarget
from helpdesk.contracts.topology import ATTACHMENTS_PREFIX, UPLOADS_PREFIX
from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.tickets.model import Attachment

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LINK_SECONDS: Final = 900
"""How long a link to a file works."""
UPLOAD_SECONDS: Final = 900
"""How long a browser may take to begin an upload."""
_PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
_PLAYED: Final = ("video/mp4", "video/webm", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav")
_PLAIN: Final = "text/plain; charset=utf-8"
SHOWN_INLINE: Final = {one: one for one in (*_PICTURES, *_PLAYED, "application/pdf")} | {
    "text/plain": _PLAIN,
    "text/csv": _PLAIN,
}
"""Types a browser may show in place, and what it is told they are; all others are only ever downloaded. None of them runs
anything in the origin it comes from."""


class S3FileStore:
    """See `channels.service.FileStore`.

    Args:
        s3: client.
        bucket: the files bucket.
    """

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def upload_target(self, upload: Upload) -> UploadTarget:
        """A presigned form post that takes this file and no larger one."""
        post = self._s3.generate_presigned_post(
            Bucket=self._bucket,
            Key=f"{UPLOADS_PREFIX}{upload.id}",
            Fields={"Content-Type": upload.content_type},
            Conditions=[{"Content-Type": upload.content_type}, ["content-length-range", 1, upload.size]],
            ExpiresIn=UPLOAD_SECONDS,
        )
        return UploadTarget(post["url"], post["fields"])

    def claim(self, upload: Upload, ticket_id: str) -> Attachment:
        """Copies an uploaded file to its ticket; uploads that nobody claims expire after a day."""
        key = f"{ATTACHMENTS_PREFIX}{ticket_id}/{upload.id}"
        source = f"{UPLOADS_PREFIX}{upload.id}"
        try:
            size = self._s3.head_object(Bucket=self._bucket, Key=source)["ContentLength"]
            self._s3.copy_object(Bucket=self._bucket, Key=key, CopySource={"Bucket": self._bucket, "Key": source})
        except ClientError as error:
            if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound", "403", "AccessDenied"}:
                message = f"{upload.filename} was not uploaded"
                raise Invalid("A file is missing.", [FieldError("/attachments", message)]) from error
            raise
        return Attachment(upload.id, upload.filename, upload.content_type, size, key)

    def put(self, ticket_id: str, attachment_id: str, filename: str, content_type: str, content: bytes) -> str:
        """Stores an attachment's bytes; gives the object key."""
        del filename  # the object's name is its id: nothing a sender chose is part of a path
        key = f"{ATTACHMENTS_PREFIX}{ticket_id}/{attachment_id}"
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)
        return key

    def link(self, attachment: Attachment, *, inline: bool) -> str:
        """A link to an attachment that works for some minutes; shown in place only if that can do no harm."""
        shown = SHOWN_INLINE.get(attachment.content_type) if inline else None
        disposition = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(attachment.filename, safe='')}"
        return self._s3.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": attachment.object_key,
                "ResponseContentDisposition": disposition,
                "ResponseContentType": shown or "application/octet-stream",
            },
            ExpiresIn=LINK_SECONDS,
        )
