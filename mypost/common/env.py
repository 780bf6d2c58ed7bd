"""Typed reading of the environment. A wrong value refuses to start and says which one."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

_LOCAL_SERVICE = re.compile(r"unix:///\S+|tcp://(\[[0-9a-f:]+\]|[^\s/:]+)(:[0-9]{1,5})?")


class WrongSetting(SystemExit):
    """The process must not start with this value."""


class Environment:
    """Read settings from variables; a secret NAME may also come from the file NAME_FILE."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables

    def text(self, name: str, default: str | None = None) -> str:
        value = self._variables.get(name)
        if value is None and (file := self._variables.get(f"{name}_FILE")):
            value = Path(file).read_text(encoding="utf-8").strip()
        if value is None:
            value = default
        if value is None:
            raise WrongSetting(f"{name} is not set.")
        return value

    def choice(self, name: str, options: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in options:
            raise WrongSetting(f"{name} must be one of {', '.join(options)}, not {value!r}.")
        return value

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or int(value) < least:
            raise WrongSetting(f"{name} must be a whole number from {least}, not {value!r}.")
        return int(value)

    def local_service(self, name: str) -> str:
        """Return where a service listens: unix:///path, tcp://host:port, or "" for nowhere."""
        value = self.text(name, "")
        if value and not _LOCAL_SERVICE.fullmatch(value):
            raise WrongSetting(f"{name} must be unix:///path or tcp://host:port, not {value!r}.")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        return self.choice(name, ("0", "1"), "1" if default else "0") == "1"

    def path(self, name: str) -> Path | None:
        value = self.text(name, "")
        return Path(value) if value else None

    def names(self, name: str, default: str) -> list[str]:
        return [part.strip() for part in self.text(name, default).split(",") if part.strip()]
