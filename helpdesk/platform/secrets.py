"""The signing secret, read once a container. Several lines are several keys, oldest first: the last one signs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


class SigningSecret:
    """Gives the keys that sign links and cursors.

    Args:
        client: Secrets Manager.
        name: name or ARN of the secret.
    """

    def __init__(self, client: "SecretsManagerClient", name: str) -> None:
        self._client = client
        self._name = name
        self._keys: list[str] | None = None

    def __call__(self) -> list[str]:
        """The keys, oldest first."""
        if self._keys is None:
            text = self._client.get_secret_value(SecretId=self._name)["SecretString"]
            self._keys = [line.strip() for line in text.splitlines() if line.strip()]
        return self._keys
