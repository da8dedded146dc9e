"""Settings from the environment, which no other module reads."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    ByteSize,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from chat.config.branding import TITLE
from chat.config.signing_secret import check_strength
from chat.domain.accounts.access_policy import AccessMode
from chat.domain.errors import StartupError
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.storage.bucket.url import parse_bucket_url
from chat.storage.redis.url import check_url
from chat.text.site_urls import SiteUrl, parse_root_path, parse_site_url

RATE = r"[1-9]\d{0,8} per \d{0,8} ?(second|minute|hour)s?"
SSO_URL = "https://login.example.org/.well-known/openid-configuration"  # an example
MIN_PASSWORD = 8  # characters


def _expand_home(path: Path | None) -> Path | None:
    try:
        return path and path.expanduser()
    except RuntimeError:
        raise ValueError("there is no such home directory") from None


def _checked(check: Callable[[str], object]) -> AfterValidator:
    """Return a validator that calls `check` with the text of a secret, if it is set."""

    def validate(secret: SecretStr | None) -> SecretStr | None:
        if secret:
            check(secret.get_secret_value())
        return secret

    return AfterValidator(validate)


def _check_password(password: str) -> None:
    if len(password) < MIN_PASSWORD:
        raise ValueError(f"it needs at least {MIN_PASSWORD} characters")


def _like(example: str, pattern: str) -> AfterValidator:
    """Return a validator that refuses texts that don't match `pattern`, unless they are empty, with an example."""

    def validate(text: str | None) -> str | None:
        if text and not re.fullmatch(pattern, text):
            raise ValueError(f"it should be like {example}")
        return text

    return AfterValidator(validate)


class Settings(BaseSettings):
    """The operator's settings; environment variables are named like the fields, with the prefix `CHAT_`."""

    model_config = SettingsConfigDict(env_prefix="CHAT_", env_ignore_empty=True, extra="ignore")

    host: Annotated[str, Field(validation_alias=AliasChoices("HOST", "CHAT_HOST"))] = "0.0.0.0"
    port: Annotated[int, Field(ge=1, le=65535, validation_alias=AliasChoices("PORT", "CHAT_PORT"))] = 3000
    title: Annotated[str, Field(min_length=1, max_length=60)] = TITLE
    welcome: Annotated[str, Field(max_length=300)] = ""
    accent: Annotated[str, _like("#4f46e5", "#[0-9a-fA-F]{6}")] = ""
    logo: Annotated[Path | None, AfterValidator(_expand_home)] = None
    history_limit: Annotated[int, Field(ge=1, le=10_000)] = 100
    public_url: Annotated[str, AfterValidator(lambda text: text and str(parse_site_url(text)))] = ""
    root_path: Annotated[str, AfterValidator(parse_root_path)] = ""
    data_dir: Annotated[Path, AfterValidator(_expand_home)] = Path()
    secret: Annotated[SecretStr | None, _checked(check_strength)] = None
    redis_url: Annotated[SecretStr | None, _checked(check_url)] = None
    redis_prefix: Annotated[str, _like("chat or chat-2", r"[\w.:-]{1,40}")] = "chat"
    access: AccessMode = AccessMode.OPEN
    room_password: Annotated[SecretStr | None, _checked(_check_password)] = None
    sso_url: Annotated[str | None, _like(SSO_URL, "https?://.*")] = None
    sso_client_id: str = ""
    sso_client_secret: SecretStr = SecretStr("")
    sso_max_age: Annotated[float, Field(gt=0, le=8760)] = 12
    rooms: RoomPolicy = RoomPolicy.ADMINS
    uploads: Literal["on", "off"] = "on"
    # Defaults are validated, too, and read as the README has them.
    upload_limit: ByteSize = Field("25 MB", ge=1000, le=2_000_000_000)  # type: ignore[assignment]
    upload_quota: ByteSize = Field("250 MB", ge=1000)  # type: ignore[assignment]
    files_url: Annotated[SecretStr | None, _checked(parse_bucket_url)] = None
    files_keep: ByteSize = Field("2 GB", ge=1000)  # type: ignore[assignment]
    push: Literal["on", "off"] = "on"
    previews: Literal["on", "off"] = "on"
    admin_password: Annotated[SecretStr | None, _checked(_check_password)] = None
    grace: Annotated[float, Field(ge=1, le=60)] = 15
    message_rate: Annotated[str, _like("20 per 10 seconds", RATE)] = "20 per 10 seconds"
    trusted_hops: Annotated[int, Field(ge=0, le=10)] = 0
    pages_per_address: Annotated[int, Field(ge=1, le=100_000)] = 300
    request_rate: Annotated[str, _like("1200 per minute", RATE)] = "1200 per minute"
    metrics_token: Annotated[SecretStr | None, _checked(check_strength)] = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="before")
    @classmethod
    def _ignore_service_links(cls, values: dict[str, Any]) -> dict[str, Any]:
        # Kubernetes and Docker set CHAT_PORT to "tcp://10.0.0.7:3000" beside a service called "chat".
        return {name: value for name, value in values.items() if "PORT" not in name or "://" not in str(value)}

    @field_validator("host")
    @classmethod
    def _without_brackets(cls, host: str) -> str:
        return host.removeprefix("[").removesuffix("]")

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the settings; raises `StartupError` with one line that names the invalid variable."""
        try:
            settings = cls()
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = str(first["loc"][0])
            name = field if field.isupper() else f"CHAT_{field.upper()}"
            problem = first["msg"].removeprefix("Value error, ")  # pydantic's, before texts of our own
            raise StartupError(f"{name}: {problem}") from None
        if settings.site_url:
            if settings.root_path not in {"", settings.site_url.path}:
                raise StartupError("CHAT_ROOT_PATH: it is not the path of CHAT_PUBLIC_URL")
            settings.root_path = settings.site_url.path
        needed = {AccessMode.PASSWORD: "room_password", AccessMode.SSO: "sso_url"}.get(settings.access)
        if needed and not getattr(settings, needed):
            raise StartupError(f"CHAT_{needed.upper()}: CHAT_ACCESS={settings.access} needs it")
        return settings

    @property
    def site_url(self) -> SiteUrl | None:
        return parse_site_url(self.public_url) if self.public_url else None

    @property
    def sessions_dir(self) -> Path:
        return self.data_dir.resolve() / ".nicegui"
