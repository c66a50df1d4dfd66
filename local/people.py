"""Signing in on one machine: the emulator's own Cognito, whose hosted sign-in is asked on the person's behalf.

A deployed desk sends people to Cognito's sign-in page. Here a page lists the desk's agents instead, and a click on one
submits that very form with a password that only this desk's data directory knows. Codes, PKCE and tokens are Cognito's.
"""

import base64
import contextlib
import hashlib
import json
import secrets
import string
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import aiohttp

from infra.outputs import USER_POOL_CLIENT_ID, USER_POOL_ID
from local.cloud import Cloud

if TYPE_CHECKING:
    from helpdesk.people.model import Agent

SCOPE: Final = "openid email"


class SignInRefused(Exception):
    """Cognito did not sign somebody in; the message is what it said."""


class People:
    """The sign-ins of the desk's agents.

    Args:
        cloud: where the user pool is.
        passwords: file of the agents' passwords, by their id.
    """

    def __init__(self, cloud: Cloud, passwords: Path) -> None:
        self._cloud = cloud
        self._file = passwords
        self._passwords: dict[str, str] = (
            json.loads(passwords.read_text(encoding="utf-8")) if passwords.exists() else {}
        )

    @property
    def client_id(self) -> str:
        """The pages' client."""
        return self._cloud.outputs[USER_POOL_CLIENT_ID]

    def admit(self, agents: Iterable["Agent"]) -> None:
        """Gives every agent who has none a user in the pool, with a password."""
        pool = self._cloud.outputs[USER_POOL_ID]
        for agent in agents:
            if agent.id in self._passwords:
                continue
            password = _password()
            attributes = {"email": agent.address, "email_verified": "true"}
            with contextlib.suppress(self._cloud.users.exceptions.UsernameExistsException):
                self._cloud.users.admin_create_user(
                    UserPoolId=pool,
                    Username=agent.id,
                    MessageAction="SUPPRESS",
                    UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
                )
            self._cloud.users.admin_set_user_password(
                UserPoolId=pool, Username=agent.id, Password=password, Permanent=True
            )
            self._passwords[agent.id] = password
        self._file.touch(mode=0o600)
        self._file.write_text(json.dumps(self._passwords, indent=2), encoding="utf-8")

    def known(self, agent_id: str) -> bool:
        """Whether an agent can sign in here."""
        return agent_id in self._passwords

    async def authorize(self, session: aiohttp.ClientSession, agent_id: str, request: Mapping[str, str]) -> str:
        """Signs an agent in.

        Args:
            session: for asking Cognito.
            agent_id: who.
            request: the authorization request's parameters (`redirect_uri`, `state`, `code_challenge`, ...).

        Returns:
            The address to send the browser to, with a code.

        Raises:
            SignInRefused: Cognito did not take it.
        """
        form = {**request, "username": agent_id, "password": self._passwords.get(agent_id, "")}
        async with session.post(f"{self._cloud.url}/login", data=form, allow_redirects=False) as answer:
            if answer.status != 302:
                raise SignInRefused((await answer.text())[:500])
            return answer.headers["Location"]

    async def exchange(self, session: aiohttp.ClientSession, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Cognito's token endpoint: its status and answer."""
        async with session.post(f"{self._cloud.url}/oauth2/token", data=dict(form)) as answer:
            return answer.status, await answer.json(content_type=None)

    async def token(self, session: aiohttp.ClientSession, agent_id: str, redirect_uri: str) -> str:
        """Goes the pages' whole way for an agent and returns the access token.

        Raises:
            SignInRefused: it leads nowhere.
        """
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        request = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": secrets.token_urlsafe(16),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        location = await self.authorize(session, agent_id, request)
        code = parse_qs(urlsplit(location).query).get("code", [""])[0]
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "code": code,
            "code_verifier": verifier,
        }
        status, answer = await self.exchange(session, form)
        if status != 200:
            raise SignInRefused(json.dumps(answer))
        return str(answer["access_token"])

    def callback(self) -> str:
        """The address that the pages' client may return to."""
        client = self._cloud.users.describe_user_pool_client(
            UserPoolId=self._cloud.outputs[USER_POOL_ID], ClientId=self.client_id
        )
        return client["UserPoolClient"]["CallbackURLs"][0]


def _password() -> str:
    """A password that any pool's policy takes."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.+")
    return "".join(secrets.choice(kind) for kind in kinds) + secrets.token_urlsafe(24)
