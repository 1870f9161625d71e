"""The desktop's own settings: one small JSON file in the trader folder, read once at start."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from veighna_ext.core.files import put_aside, write_atomically
from veighna_ext.core.i18n import _
from veighna_ext.core.paths import own_dir

VERSION = 1


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the user may choose; every field has a working default."""

    version: int = VERSION
    language: Literal["auto", "zh", "en"] = "auto"
    theme: Literal["dark", "light"] = "dark"
    rising: Literal["red", "green"] = "red"
    font_family: str = ""
    font_size: int = 0
    apps_left_out: tuple[str, ...] = ()
    gateways_left_out: tuple[str, ...] = ()
    confirm_exit: bool = True
    welcome_seen: bool = False


class SettingsStore:
    """Reads and writes `Settings`; a file it cannot use is kept aside and named in `problem`."""

    def __init__(self, trader: Path) -> None:
        self.path = own_dir(trader) / "settings.json"
        self.problem = ""
        self.current = self._load()

    def update(self, **changes: object) -> Settings:
        """Change some fields and save; what is on disk is always a whole, valid file."""
        changed = msgspec.structs.replace(self.current, **changes)
        checked = msgspec.convert(msgspec.to_builtins(changed), Settings)
        write_atomically(self.path, msgspec.json.format(msgspec.json.encode(checked), indent=2) + b"\n")
        self.current = checked
        return checked

    def _load(self) -> Settings:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            self.problem = _("The settings file {file} cannot be read ({reason}); defaults are used.").format(
                file=self.path, reason=error.strerror
            )
            return Settings()
        try:
            version = msgspec.json.decode(content, type=_Versioned).version
            if version != VERSION:
                raise msgspec.ValidationError(
                    _("its version is {found}, not {known}").format(found=version, known=VERSION)
                )
            return msgspec.json.decode(content, type=Settings)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            aside = put_aside(self.path)
            self.problem = _(
                "The settings file could not be used ({reason}). It is kept as {file}; defaults are used."
            ).format(reason=error, file=aside)
            return Settings()


class _Versioned(msgspec.Struct):
    version: int = 0
