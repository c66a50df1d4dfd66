"""What an owner may decide about a deployment: one frozen object, read from CDK context and checked as a whole.

A value comes from, first match wins: `-c key=value` on the command line, the stage's entry below `stages` in cdk.json,
the default here. The stage is `-c stage=NAME`.

The stage `local` in cdk.json is the desk on one machine. This is all that differs there from a deployed desk:

- `pages`, `archive_days`: there is no CloudFront and no EventBridge archive; the local gateway serves the pages, with the
  same headers and the same rule for paths.
- `architecture`: the layer holds wheels for the machine's own processor.
- `outbound`: webhooks may call this machine, to be tried out.
- `clock`: reads the offset that a person trying the desk has set.
- `retain_data`, `protect`, `log_retention_days`: it may be thrown away.
- `throttle_*`: nothing to protect from.
- `check`: the same template is checked in tests and before every real deployment.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal
from urllib.parse import urlsplit

type Clock = Literal["system", "table"]
type Outbound = Literal["public", "local"]
type Processor = Literal["arm64", "x86_64"]

RETENTION_DAYS: Final = frozenset({1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653})
"""The retentions that CloudWatch Logs knows."""

_SLUG: Final = re.compile(r"[a-z][a-z0-9-]{0,18}[a-z0-9]")
_DOMAIN: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_ADDRESS: Final = re.compile(r"[^@\s]{1,64}@([a-z0-9-]+\.)+[a-z0-9-]+", re.IGNORECASE)
_SERVICE: Final = re.compile(r"[a-z0-9][\w.:-]{2,120}( \d{1,6}(\.\d+)?){3}")
_CERTIFICATE: Final = re.compile(r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[0-9a-f-]+")


class ConfigError(ValueError):
    """The context does not describe a desk. The message lists every bad value, one a line."""


@dataclass(frozen=True, slots=True)
class Config:
    """One deployment.

    Attributes:
        stage: name of the deployment; part of every resource's name. 2 to 20 of a-z, 0-9 and hyphens.
        name: first part of every resource's name.
        brand: what the pages call the desk.
        mail_domain: domain the desk sends from and receives for; SES verifies it.
        receive_mail: whether SES receives mail for the desk (needs a region where SES does).
        mail_recipients: addresses or domains mail is taken for; the mail domain when empty.
        base_url: where people reach the pages, without a trailing slash; empty: CloudFront's own name.
        certificate_arn: certificate in us-east-1 for the host of `base_url`; required when CloudFront serves it.
        brand_hosts: further hosts of the pages, for brands that have their own; the certificate must name them too.
        sign_in_prefix: first label of Cognito's hosted sign-in, unique in a region; empty: made of name, stage, account.
        pages: whether CloudFront and a bucket serve the pages.
        clock: `system`, or `table` for a desk whose clock can be moved.
        outbound: `public`, or `local` for a desk whose webhooks may call the machine it runs on.
        architecture: processor of the functions.
        bundle: whether third-party packages are installed into a layer; tests of templates do without.
        alarm_email: who alarms are mailed to; empty: nobody, the topic is still there.
        retain_data: whether table, buckets, secret and users outlive the stack.
        protect: whether table, users and stack refuse to be deleted.
        log_retention_days: how long logs are kept.
        archive_days: how long the bus keeps events for a replay; 0: no archive.
        throttle_rate: API requests a second, all callers together.
        throttle_burst: API requests at once.
        triage_service: a model of Amazon Bedrock that is asked about tickets where the desk's own models are not sure: its id,
            US dollars a month, US dollars for a million tokens read and written (`amazon.nova-micro-v1:0 5 0.035 0.14`).
            Empty: none is asked, and none may be.
        check: whether synthesis runs cdk-nag.
    """

    stage: str
    mail_domain: str
    name: str = "helpdesk"
    brand: str = "Help desk"
    receive_mail: bool = True
    mail_recipients: tuple[str, ...] = ()
    base_url: str = ""
    certificate_arn: str = ""
    brand_hosts: tuple[str, ...] = ()
    sign_in_prefix: str = ""
    pages: bool = True
    clock: Clock = "system"
    outbound: Outbound = "public"
    architecture: Processor = "arm64"
    bundle: bool = True
    alarm_email: str = ""
    retain_data: bool = True
    protect: bool = True
    log_retention_days: int = 30
    archive_days: int = 30
    throttle_rate: int = 100
    throttle_burst: int = 200
    triage_service: str = ""
    check: bool = True

    @property
    def prefix(self) -> str:
        """What every name in the account begins with."""
        return f"{self.name}-{self.stage}"

    @property
    def recipients(self) -> tuple[str, ...]:
        """What SES takes mail for."""
        return self.mail_recipients or (self.mail_domain,)

    @property
    def host(self) -> str:
        """The host of `base_url`, empty when CloudFront's own name is used."""
        return urlsplit(self.base_url).hostname or ""


def read_config(lookup: Callable[[str], object]) -> Config:
    """Reads and checks the deployment that the context describes.

    Args:
        lookup: gives a context value by key, None when there is none (`App.node.try_get_context`).

    Raises:
        ConfigError: lists everything that is wrong.
    """
    problems: list[str] = []
    stage = str(lookup("stage") or "prod")
    stages = lookup("stages")
    preset = stages.get(stage) if isinstance(stages, Mapping) else None
    if not isinstance(preset, Mapping):
        problems.append(f"stage: {stage!r} has no entry below `stages` in cdk.json")
        preset = {}
    problems.extend(f"stages.{stage}.{key}: no such setting" for key in preset if key not in _READERS)
    values: dict[str, object] = {"stage": stage}
    for key, read in _READERS.items():
        raw = lookup(key)
        if raw is None:
            raw = preset.get(key)
        if raw is None:
            continue
        try:
            values[key] = read(raw)
        except ValueError as error:
            problems.append(f"{key}: {error}")
    if "mail_domain" not in values:
        if not any(problem.startswith("mail_domain:") for problem in problems):
            problems.append("mail_domain: is required")
        values["mail_domain"] = "invalid.example"
    # The readers return the field's own type; the table of them cannot say so to a type checker.
    config = Config(**values)  # type: ignore[arg-type]
    problems.extend(_contradictions(config))
    if problems:
        raise ConfigError("This deployment cannot be built:\n" + "\n".join(f"  {problem}" for problem in problems))
    return config


def _contradictions(config: Config) -> list[str]:
    """What is wrong between values, or with the stage's name."""
    problems = []
    if not _SLUG.fullmatch(config.stage):
        problems.append(f"stage: {config.stage!r} is not 2 to 20 of a-z, 0-9 and hyphens, beginning with a letter")
    if len(config.prefix) > 29:
        problems.append("name, stage: are longer than 28 characters together; a bucket's name must hold more than them")
    if not config.pages and not config.base_url:
        problems.append("base_url: is required when `pages` is false")
    if config.pages and bool(config.base_url) != bool(config.certificate_arn):
        problems.append("base_url, certificate_arn: CloudFront needs both or neither")
    if config.brand_hosts and not config.host:
        problems.append("brand_hosts: need base_url and certificate_arn")
    for recipient in config.mail_recipients:
        domain = recipient.rpartition("@")[2]
        if domain != config.mail_domain and not domain.endswith(f".{config.mail_domain}"):
            problems.append(f"mail_recipients: {recipient!r} is not in the mail domain {config.mail_domain}")
    return problems


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"{raw!r} is not a text")  # noqa: TRY004 - a wrong value of the owner's, not of a caller
    return raw.strip()


def _matching(pattern: re.Pattern[str], what: str, *, optional: bool = False) -> Callable[[object], str]:
    def read(raw: object) -> str:
        text = _text(raw)
        if not pattern.fullmatch(text) and not (optional and not text):
            raise ValueError(f"{text!r} is not {what}")
        return text

    return read


def _one_of(*allowed: str) -> Callable[[object], str]:
    def read(raw: object) -> str:
        if raw not in allowed:
            raise ValueError(f"{raw!r} is not one of {', '.join(allowed)}")
        return str(raw)

    return read


def _flag(raw: object) -> bool:
    """Command-line context is text, cdk.json has booleans."""
    if raw in (True, "true"):
        return True
    if raw in (False, "false"):
        return False
    raise ValueError(f"{raw!r} is not true or false")


def _number(least: int, most: int) -> Callable[[object], int]:
    def read(raw: object) -> int:
        # jsii hands numbers of cdk.json over as floats when they have a fraction, the command line as text.
        if isinstance(raw, bool) or not re.fullmatch(r"\d{1,9}(\.0)?", str(raw)):
            raise ValueError(f"{raw!r} is not a whole number")
        number = int(float(str(raw)))
        if not least <= number <= most:
            raise ValueError(f"{number} is not between {least} and {most}")
        return number

    return read


def _retention(raw: object) -> int:
    days = _number(1, 3653)(raw)
    if days not in RETENTION_DAYS:
        raise ValueError(f"{days} is not one of {', '.join(map(str, sorted(RETENTION_DAYS)))}")
    return days


def _recipients(raw: object) -> tuple[str, ...]:
    items = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(items, list | tuple):
        raise ValueError(f"{raw!r} is not a list")  # noqa: TRY004 - the same
    recipients = tuple(_text(item).lower() for item in items if item)
    for recipient in recipients:
        if not (_ADDRESS.fullmatch(recipient) or _DOMAIN.fullmatch(recipient)):
            raise ValueError(f"{recipient!r} is neither an address nor a domain")
    return recipients


def _hosts(raw: object) -> tuple[str, ...]:
    items = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(items, list | tuple):
        raise ValueError(f"{raw!r} is not a list")  # noqa: TRY004 - the same
    hosts = tuple(_text(item).lower() for item in items if item)
    for host in hosts:
        if not _DOMAIN.fullmatch(host):
            raise ValueError(f"{host!r} is not a host")
    return hosts


def _base_url(raw: object) -> str:
    url = _text(raw)
    if not url:
        return url
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "localhost")
    if not parts.hostname or (parts.scheme != "https" and not (local and parts.scheme == "http")):
        raise ValueError(f"{url!r} is not an https address")
    if parts.path or parts.query or parts.fragment:
        raise ValueError(f"{url!r} must end after the host, without a slash")
    return url


_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "name": _matching(_SLUG, "2 to 20 of a-z, 0-9 and hyphens, beginning with a letter"),
    "brand": _matching(re.compile(r"\S.{0,63}"), "1 to 64 characters"),
    "mail_domain": _matching(_DOMAIN, "a domain in lower case"),
    "receive_mail": _flag,
    "mail_recipients": _recipients,
    "base_url": _base_url,
    "certificate_arn": _matching(_CERTIFICATE, "the ARN of a certificate in us-east-1", optional=True),
    "brand_hosts": _hosts,
    "sign_in_prefix": _matching(re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"), "a domain label", optional=True),
    "pages": _flag,
    "clock": _one_of("system", "table"),
    "outbound": _one_of("public", "local"),
    "architecture": _one_of("arm64", "x86_64"),
    "bundle": _flag,
    "alarm_email": _matching(_ADDRESS, "an e-mail address", optional=True),
    "retain_data": _flag,
    "protect": _flag,
    "log_retention_days": _retention,
    "archive_days": _number(0, 3650),
    "throttle_rate": _number(1, 10_000),
    "throttle_burst": _number(1, 5_000),
    "triage_service": _matching(_SERVICE, "a model's id, a monthly budget and two prices", optional=True),
    "check": _flag,
}

if {field.name for field in fields(Config)} != {*_READERS, "stage"}:
    raise AssertionError("every setting needs a reader")
