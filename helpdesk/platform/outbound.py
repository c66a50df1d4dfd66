"""Calls to addresses that admins name, which may be anybody's: never to what is inside, never for long, never read whole.

A name is resolved here, every address that it has must be a public one, and the connection goes to just that address:
so neither a name that points inside, nor one that points elsewhere at the second look, nor a redirect leads to what only
the desk can reach (the metadata service of its machine before all). The certificate is still the name's.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as TooSlow

CONNECT_SECONDS: Final = 3.0
WHOLE_SECONDS: Final = 10.0
"""From connecting to the last byte that is read, however slowly they come."""
MOST_REDIRECTS: Final = 3
_CHUNK: Final = 16_384
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_VALIDATORS: Final = ("etag", "last-modified")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

type Resolve = Callable[[str, int], list[str]]
type _Taken = tuple[int, bytes, str, Mapping[str, str]]
"""Status, body, problem and headers of an answer."""


class Refused(Exception):
    """A call that is not made, or whose answer is not taken.

    Attributes:
        problem: `address`: it leads inside, or nowhere; `scheme`; `redirect`.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a call.

    Attributes:
        status: of HTTP; None: nothing was answered.
        problem: `address`, `scheme`, `redirect`, `timeout`, `tls`, `connection`, `too_large`, or `status`: it is not
            2xx. Empty: it got through.
        body: as much of the answer as was wanted.
        milliseconds: it took.
        headers: of the answer that tell whether it changed, by name in small letters.
    """

    status: int | None
    problem: str
    body: bytes
    milliseconds: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a call.

    Attributes:
        most_bytes: of the answer.
        whole: an answer that is longer is a problem; else it is cut.
        redirects: whether redirects are followed.
    """

    method: str = "GET"
    body: bytes | None = None
    most_bytes: int = 1024
    whole: bool = False
    redirects: bool = False


def is_public(address: str) -> bool:
    """Whether an IP address is anybody's: not of a private network, this machine, a link, or a cloud's inside."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo is not None else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved and not found.is_unspecified


def addresses_of(host: str, port: int) -> list[str]:
    """All IP addresses of a name; none: it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Outbound:
    """Calls addresses outside.

    Args:
        local: this machine may be called, and without encryption: for the desk on one machine alone.
        resolve: gives a name's addresses.
        monotonic: a stopwatch in seconds.
    """

    def __init__(
        self,
        *,
        local: bool = False,
        resolve: Resolve = addresses_of,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.local = local
        self._resolve = resolve
        self._monotonic = monotonic

    def __call__(self, url: str, headers: Mapping[str, str], wanted: Wanted) -> Answered:
        """Calls an address. What goes wrong is told in the answer and never raised."""
        began = self._monotonic()
        told: Mapping[str, str] = {}
        try:
            status, body, problem, told = self._follow(url, headers, wanted, began + WHOLE_SECONDS)
        except Refused as refused:
            status, body, problem = None, b"", refused.problem
        except NewConnectionError:  # to urllib3 it is a kind of timeout
            status, body, problem = None, b"", "connection"
        except TooSlow:
            status, body, problem = None, b"", "timeout"
        except SSLError:
            status, body, problem = None, b"", "tls"
        except (HTTPError, OSError, ValueError):
            status, body, problem = None, b"", "connection"
        told = {name: told[name] for name in _VALIDATORS if name in told}
        return Answered(status, problem, body, int((self._monotonic() - began) * 1000), told)

    def _follow(self, url: str, headers: Mapping[str, str], wanted: Wanted, until: float) -> _Taken:
        for _ in range(MOST_REDIRECTS + 1):
            status, body, problem, told = self._once(url, headers, wanted, until)
            if status not in _REDIRECTS:
                return status, body, problem or ("" if 200 <= status < 300 else "status"), told
            if not wanted.redirects or not told.get("location"):
                return status, body, "redirect", told
            url = urljoin(url, told["location"])
        raise Refused("redirect")

    def _once(self, url: str, headers: Mapping[str, str], wanted: Wanted, until: float) -> _Taken:
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        if not secure and not (self.local and parts.scheme == "http"):
            raise Refused("scheme")
        port = parts.port or (443 if secure else 80)
        pool = _pool(self._safe_address(host, port), port, host if secure else None)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        left = max(until - self._monotonic(), 0.1)
        try:
            response = pool.urlopen(
                wanted.method,
                target,
                body=wanted.body,
                headers={**headers, "host": parts.netloc.rpartition("@")[2], "accept-encoding": "identity"},
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
                timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=left),
            )
            try:
                body, problem = self._read(response, wanted, until)
            finally:
                response.close()
            told = {name.lower(): value for name, value in response.headers.items()}
            return response.status, body, problem, told
        finally:
            pool.close()

    def _safe_address(self, host: str, port: int) -> str:
        """The address to connect to: all that the name has must be public, or else none is called."""
        found = self._resolve(host, port)
        if not found or not (self.local or all(is_public(one) for one in found)):
            raise Refused("address")
        return found[0]

    def _read(self, response: urllib3.BaseHTTPResponse, wanted: Wanted, until: float) -> tuple[bytes, str]:
        """As much of the answer as is wanted, or comes in time."""
        body = b""
        while len(body) <= wanted.most_bytes:
            if self._monotonic() > until:
                if wanted.whole:
                    raise TooSlow
                break  # the status is there, which is what counts
            chunk = response.read(min(_CHUNK, wanted.most_bytes + 1 - len(body)))
            if not chunk:
                return body, ""
            body += chunk
        return body[: wanted.most_bytes], "too_large" if wanted.whole else ""


def _pool(address: str, port: int, name: str | None) -> urllib3.HTTPConnectionPool:
    """Connections to one address; with a name, encrypted and with a certificate of that name."""
    if name is None:
        return urllib3.HTTPConnectionPool(address, port, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        address, port, maxsize=1, ssl_context=_trust(), server_hostname=name, assert_hostname=name
    )


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that the machine trusts, read once: that takes longer than most calls."""
    return ssl.create_default_context()
