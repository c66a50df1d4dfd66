"""Addresses that admins name for the desk to call: whether one can be called at all, as far as it alone says."""

from typing import Final
from urllib.parse import urlsplit

LONGEST_URL: Final = 2000


def url_fault(url: str) -> str:
    """Why an address cannot be called; empty: it can, as far as it alone says."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme not in {"https", "http"} or not host or len(url) > LONGEST_URL or not url.isascii():
        return "must be a whole https address in ASCII"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "must be without user, password and fragment: use a header"
    return "has no such port" if port == 0 else ""
