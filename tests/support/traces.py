"""Where words stand in all that a desk keeps: the table and the buckets, unpacked where something is packed."""

import base64
import contextlib
import json
import zlib

import boto3

from tests.support.world import FILES_BUCKET, MAIL_BUCKET, World


def places_of(world: World, words: tuple[str, ...]) -> dict[str, list[str]]:
    """Where which of some words stand, in small letters."""
    found = {
        place: [word for word in words if word in text.decode(errors="ignore").lower()]
        for place, text in everything(world).items()
    }
    return {place: hits for place, hits in found.items() if hits}


def everything(world: World) -> dict[str, bytes]:
    """All that lies in the table and the buckets, by place, unpacked where it is packed."""
    found: dict[str, bytes] = {}
    for (partition, sort), item in world.items.items():
        if "expires_at" in item and int(item["expires_at"]["N"]) < world.clock.now.timestamp():
            continue  # the table has forgotten it; the one that tests run on never does
        found[f"{partition} {sort}"] = b" ".join(
            _opened(kind, value) for one in item.values() for kind, value in one.items()
        )
    s3 = boto3.client("s3")
    for bucket in (FILES_BUCKET, MAIL_BUCKET):
        for one in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            found[f"{bucket}/{one['Key']}"] = _unpacked(s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read())
    return found


def _opened(kind: str, value: object) -> bytes:
    """An attribute's bytes."""
    if kind == "B":
        raw = value if isinstance(value, bytes) else str(value).encode()
        with contextlib.suppress(ValueError):
            raw += base64.b64decode(raw, validate=True)
        return _unpacked(raw)
    return json.dumps(value, ensure_ascii=False).encode()


def _unpacked(raw: bytes) -> bytes:
    """What was packed, whole or in pieces, beside what stands there as it is."""
    found, at = raw, raw.find(b"\x78")
    while at >= 0:
        with contextlib.suppress(zlib.error):
            found += zlib.decompressobj().decompress(raw[at:])
        at = raw.find(b"\x78", at + 1)
    return found
