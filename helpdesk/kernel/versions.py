"""What is kept of every version of a setting: what it was, who made it so, when."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.kernel.codec import Document


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a setting, of whatever kind.

    Attributes:
        kind: as it is kept under: `field`, `policy`, `canned` ...
        setting_id: of its kind.
        version: counted from 1; goes on where a setting was taken away and written again.
        document: as it was kept; None: this version took it away.
        at: when; None: before versions were kept, or written where nobody was signed in.
        by: id of the agent; None: as above.
    """

    kind: str
    setting_id: str
    version: int
    document: Document | None
    at: datetime | None = None
    by: str | None = None
