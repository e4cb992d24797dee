"""Settings of the runtime: defaults, a TOML file, command line options; checked together before anything starts."""

import ipaddress
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from motionwire.controller.settings import Settings as ControllerSettings
from motionwire.errors import InputError

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 5588
TOKEN_VARIABLE = "MOTIONWIRE_TOKEN"  # of the environment: a token on the command line could be read by other users
SHORTEST_TOKEN = 16  # characters, beyond loopback and without CURVE

Positive = Annotated[int, Meta(ge=1)]


class Limits(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What clients may ask for."""

    message_bytes: Annotated[int, Meta(ge=1024, le=64 * 2**20)] = 2 * 2**20
    sessions: Positive = 256
    characters: Positive = 4096  # of one session
    characters_total: Positive = 20_000
    acts_queued: Positive = 8  # of one character, beside the one that it acts
    acts: Positive = 128  # acted or queued, of one session
    acts_total: Positive = 512  # the same of all sessions
    clips: Positive = 8  # running or queued, of one session
    clips_total: Positive = 64
    requests_per_second: Positive = 5000  # of one session
    stranger_requests_per_second: Positive = 200  # of one connection without a session


class Settings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One server. TOML keys are the field names, limits in a table [limits], how everyone moves in a table [controller].

    port 0 lets the system choose. threads: that share the characters of a tick. batch_window_ms: how long steps wait for those of
    other lock-step clients. token: clients prove to know it within challenge_ms. curve_key, curve_clients: the server's .key_secret file
    and the folder of the clients' .key files; then only CURVE is spoken. Beyond loopback one of the two is required.
    log_file: empty: standard error. metrics_port: of the Prometheus page on loopback, 0: any free one; absent: none.
    vmc: where frames also go, HOST:PORT; empty: nowhere. vmc_root_in_hips: for receivers that ignore the root
    (broadcast/vmc_packets.py).
    """

    host: str = DEFAULT_HOST
    port: Annotated[int, Meta(ge=0, le=65535)] = DEFAULT_PORT
    token: str = ""
    challenge_ms: Annotated[int, Meta(ge=50, le=60_000)] = 10_000
    curve_key: str = ""
    curve_clients: str = ""
    bundle: str = ""
    threads: Annotated[int, Meta(ge=1, le=256)] = 2
    generator_threads: Annotated[int, Meta(ge=1, le=256)] = 1
    heartbeat_ms: Annotated[int, Meta(ge=50, le=60_000)] = 1000
    expiry_ms: Annotated[int, Meta(ge=100, le=3_600_000)] = 10_000
    batch_window_ms: Annotated[float, Meta(ge=0, le=10)] = 0.3
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_file: str = ""
    metrics_port: Annotated[int, Meta(ge=0, le=65535)] | None = None
    vmc: str = ""
    vmc_root_in_hips: bool = False
    limits: Limits = msgspec.field(default_factory=Limits)
    controller: ControllerSettings = ControllerSettings()

    def __post_init__(self) -> None:
        if self.expiry_ms < 2 * self.heartbeat_ms:
            raise InputError(f"expiry_ms {self.expiry_ms} is less than two heartbeats of {self.heartbeat_ms} ms")
        if bool(self.curve_key) != bool(self.curve_clients):
            raise InputError("curve_key and curve_clients go together")
        if not (self.token or self.curve_key or is_loopback(self.host)):
            raise InputError(f"host {self.host!r} is reachable from other machines: set a token or CURVE keys, or bind to {DEFAULT_HOST}")
        if self.token.isspace():
            raise InputError("the token is blank")
        if "\0" in self.log_file:
            raise InputError("log_file holds a NUL character")
        if self.token and len(self.token) < SHORTEST_TOKEN and not (self.curve_key or is_loopback(self.host)):
            raise InputError(
                f"the token has {len(self.token)} characters: who listens could guess it; take {SHORTEST_TOKEN} random ones or more"
            )

    @property
    def endpoint(self) -> str:
        """The ZeroMQ address to bind; port 0 becomes a wildcard."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port or '*'}"


def load(path: Path | None = None, **overrides: Any) -> Settings:
    """Settings from a TOML file (or none) and overrides that are not None; raises InputError that names the key."""
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(error.strerror or str(error), path) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"not TOML: {error}", path) from None
    values |= {key: value for key, value in overrides.items() if value is not None}
    try:
        return msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        raise InputError(str(error), path or "settings") from None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
