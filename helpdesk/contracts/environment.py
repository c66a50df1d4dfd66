"""The names of the environment variables that infra/ sets and `helpdesk.platform.settings` reads."""

from typing import Final

TABLE: Final = "HELPDESK_TABLE"
"""Name of the table."""
BUS: Final = "HELPDESK_BUS"
"""Name of the event bus."""
MAIL_BUCKET: Final = "HELPDESK_MAIL_BUCKET"
"""Bucket of raw inbound mail, under `inbound/`."""
FILES_BUCKET: Final = "HELPDESK_FILES_BUCKET"
"""Bucket of attachments and long bodies."""
SECRET: Final = "HELPDESK_SECRET"  # noqa: S105 - the name of a variable that holds a secret's name
"""Name or ARN of the Secrets Manager secret that signs links and cursors."""
BASE_URL: Final = "HELPDESK_BASE_URL"
"""Where customers and agents reach the pages, without a trailing slash."""
CLOCK: Final = "HELPDESK_CLOCK"
"""`system`, or `table` for a desk whose clock can be moved (a sandbox, the desk on one machine)."""
CONFIGURATION_SET: Final = "HELPDESK_CONFIGURATION_SET"
"""SES configuration set of outbound mail; may be empty."""
TICK_QUEUE: Final = "HELPDESK_TICK_QUEUE"
"""Name of the queue that holds tickets back until the second in which they are due."""
STAGE: Final = "HELPDESK_STAGE"
"""Name of the stage, for logs and metrics."""
