"""Opens opaque-signed S/MIME, whose readable mail is packed inside the signature."""

from asn1crypto import cms  # type: ignore[import-untyped]  # it ships no types


def signed_content(data: bytes) -> bytes | None:
    """The mail inside a CMS SignedData; None when the data is encrypted or no CMS at all.

    The signature itself is not checked: what the desk shows is the text, not a promise about its author.
    """
    for _ in range(3):
        try:
            info = cms.ContentInfo.load(data)
            kind = info["content_type"].native
            if kind == "signed_data":
                inner = info["content"]["encap_content_info"]["content"]
                content = inner.native if inner is not None else None
            elif kind == "compressed_data":
                content = info["content"].decompressed
            else:
                return None
        except Exception:  # noqa: BLE001 -- asn1crypto raises many kinds on malformed input; all mean "not readable"
            return None
        if not isinstance(content, bytes) or not content:
            return None
        if not content.startswith((b"\x30\x80", b"\x30\x82", b"\x30\x83")):
            return content
        data = content
    return data
