"""The names of the desk's metrics. Dimensions are bounded: a channel, a function, an outcome; never an id."""

from enum import StrEnum
from typing import Final

NAMESPACE: Final = "Helpdesk"


class Metric(StrEnum):
    """What is counted. Units are `Count` unless the name ends in a unit."""

    MAILS_RECEIVED = "MailsReceived"
    MAILS_SUSPENDED = "MailsSuspended"
    MAILS_SENT = "MailsSent"
    TEMPLATES_NOT_USED = "TemplatesNotUsed"
    CLOCKS_FIRED = "ClocksFired"
    SWEEP_LAG_SECONDS = "SweepLagSeconds"
