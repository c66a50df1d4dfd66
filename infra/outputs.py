"""The names of the stack's outputs: what the launcher of the local desk, scripts and operators read. Keep them stable.

Beside the constants there are, for each function of `helpdesk.contracts.topology`, the outputs named by the functions
below: its name, and where it has them its queue and its dead-letter queue (URLs).
"""

from typing import Final

API_URL: Final = "ApiUrl"
"""Address of the API itself, without a trailing slash."""
API_ID: Final = "ApiId"
BASE_URL: Final = "BaseUrl"
"""Where people reach the pages."""
TABLE_NAME: Final = "TableName"
MAIL_BUCKET: Final = "MailBucket"
FILES_BUCKET: Final = "FilesBucket"
BUS_NAME: Final = "BusName"
SECRET_ARN: Final = "SecretArn"  # noqa: S105 - the name of an output
USER_POOL_ID: Final = "UserPoolId"
USER_POOL_CLIENT_ID: Final = "UserPoolClientId"
SIGN_IN_URL: Final = "SignInUrl"
"""Cognito's hosted sign-in."""
ALARM_TOPIC_ARN: Final = "AlarmTopicArn"
CONFIGURATION_SET: Final = "ConfigurationSet"
RECEIPT_RULE_SET: Final = "ReceiptRuleSet"
"""Only where the desk receives mail through SES; it has to be made the active one."""
DISTRIBUTION_ID: Final = "DistributionId"
"""Only where CloudFront serves the pages."""


def camel(name: str) -> str:
    """`sla-sweeper` as CloudFormation spells ids: `SlaSweeper`."""
    return "".join(part.capitalize() for part in name.split("-"))


def function_output(function: str) -> str:
    """Output with a function's name."""
    return f"Function{camel(function)}"


def queue_output(function: str) -> str:
    """Output with the URL of the queue that feeds a function; only functions started by bus events have one."""
    return f"Queue{camel(function)}"


def dead_letters_output(function: str) -> str:
    """Output with the URL of a function's dead-letter queue; functions started by HTTP alone have none."""
    return f"DeadLetters{camel(function)}"
