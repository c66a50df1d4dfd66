"""The headers every page is served with: plain text, so that whoever serves the pages sends the very same."""

from collections.abc import Iterable
from typing import Final

HSTS_SECONDS: Final = 2 * 365 * 24 * 3600

PERMISSIONS_POLICY: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def content_security_policy(*, sign_in: Iterable[str], files: Iterable[str]) -> str:
    """What a page may load and talk to.

    Inline styles are allowed because the component library sets sizes and positions with them; scripts are not.

    Args:
        sign_in: origins of the OIDC provider.
        files: origins that uploads go to and attachments come from.
    """
    sign_ins, stores = " ".join(sign_in), " ".join(files)
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' data: blob: {stores}",
        "font-src": "'self'",
        "connect-src": f"'self' {sign_ins} {stores}",
        "manifest-src": "'self'",
        "frame-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {' '.join(value.split())}" for name, value in rules.items())
