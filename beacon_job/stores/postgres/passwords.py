"""Where the role's password comes from. It is read before each connection: a new one is found by itself."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from beacon_job.stores.postgres.settings import PostgresSettings
from beacon_job.stores.store import StoreDenied, StoreUnavailable

Password = Callable[[], str | None]
"""Reads it; None where the driver is to look for it itself. Raises StoreDenied or StoreUnavailable."""

DENIED = {
    "AccessDeniedException": "the job's role needs secretsmanager:GetSecretValue on it",
    "ResourceNotFoundException": "there is no such secret in this region",
    "InvalidRequestException": "the secret cannot be read",
}
"""Error of Secrets Manager that somebody must put right -> what it means."""


def password_of(settings: PostgresSettings) -> Password:
    """How the password is read; raises StoreDenied when AWS is needed and has no region."""
    kind, _, name = (settings.password_from or "").partition(":")
    if kind == "env":
        return lambda: _from_environment(name)
    if kind == "file":
        return lambda: _from_file(Path(name))
    if kind == "secret":
        return _from_secret(settings, name)
    if kind == "iam":
        return _from_role(settings)
    return lambda: None


def _from_environment(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        message = f"password.from names the environment variable {name}, which is not set"
        raise StoreDenied(message) from None


def _from_file(path: Path) -> str:
    try:
        return path.read_text().removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        message = f"password.from names the file {path}, which cannot be read: {error}"
        raise StoreDenied(message) from None


def _from_secret(settings: PostgresSettings, name: str) -> Password:
    """A secret is JSON with a member `password`, as RDS makes it, or the password itself."""
    region = name.split(":")[3] if name.count(":") >= 6 else settings.region
    client = _client("secretsmanager", region, settings)

    def read() -> str:
        try:
            text = str(client.get_secret_value(SecretId=name)["SecretString"])
        except ClientError as error:
            if hint := DENIED.get(error.response["Error"]["Code"]):
                message = f"secret {name} of Secrets Manager: {error}; {hint}"
                raise StoreDenied(message) from None
            message = f"secret {name} of Secrets Manager: {error}"
            raise StoreUnavailable(message) from None
        except BotoCoreError as error:
            message = f"secret {name} of Secrets Manager: {error}"
            raise StoreUnavailable(message) from None
        try:
            return str(json.loads(text)["password"])
        except (ValueError, TypeError, KeyError):
            return text

    return read


def _from_role(settings: PostgresSettings) -> Password:
    """A token made of the job's own AWS credentials, good for 15 minutes; the server must have one name."""
    client = _client("rds", settings.region, settings)

    def made() -> str:
        try:
            return str(
                client.generate_db_auth_token(
                    DBHostname=settings.host, Port=settings.port, DBUsername=settings.user
                )
            )
        except BotoCoreError as error:
            message = f"no token for the user {settings.user}: {error}"
            raise StoreUnavailable(message) from None

    return made


def _client(service: str, region: str | None, settings: PostgresSettings) -> Any:
    timeout_s = settings.request_timeout_ms / 1_000
    config = Config(connect_timeout=timeout_s, read_timeout=timeout_s, retries={"total_max_attempts": 1})
    try:
        return Session().create_client(service, region_name=region, config=config)
    except BotoCoreError as error:
        message = f"no AWS client for the password of PostgreSQL: {error}"
        raise StoreDenied(message) from None
