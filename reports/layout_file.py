"""A layout's TOML while it is read: each key by its type, everything else an error with file and key, in Thai."""

from collections.abc import Iterable
from dataclasses import MISSING, fields
from typing import Any

from reports.placeholders import PLACEHOLDERS, names_in


class LayoutError(ValueError):
    """A layout file that cannot be used; the message names file and key, in Thai."""


class Part:
    """One TOML table while it is read: each key is taken once, by type; what is left over is unknown."""

    def __init__(self, file: str, place: str, data: dict[str, Any]) -> None:
        self.file, self.place, self.data = file, place, dict(data)

    def error(self, key: str, problem: str) -> LayoutError:
        where = ".".join(part for part in (self.place, key) if part)
        return LayoutError(f"แบบรายงาน {self.file}: {where}: {problem}")

    def check_keys(self, kind: type, extra: Iterable[str] = (), without: Iterable[str] = ()) -> None:
        """Every key must be a field of the dataclass `kind`, and every field without a default must be there."""
        known = ({field.name for field in fields(kind)} | set(extra)) - set(without)
        for key in self.data:
            if key not in known:
                raise self.error(key, f"ไม่รู้จักคีย์นี้ ที่ใช้ได้คือ {', '.join(sorted(known))}")
        for field in fields(kind):
            if field.default is MISSING and field.name not in self.data:
                raise self.error(field.name, "ต้องมีคีย์นี้")

    def text(self, key: str, choices: Iterable[str] | None = None, default: str = "") -> str:
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise self.error(key, f"ต้องเป็นข้อความ แต่เป็น {value!r}")
        if choices is not None and value not in choices:
            raise self.error(key, f"ไม่รู้จัก “{value}” ที่ใช้ได้คือ {', '.join(c for c in choices if c)}")
        return value

    def template(self, key: str, default: str = "") -> str:
        self._check_placeholders(key, value := self.text(key, default=default))
        return value

    def number(self, key: str, low: int, high: int, default: int = 0) -> int:
        value = self.data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.error(key, f"ต้องเป็นจำนวนเต็ม {low}–{high} แต่เป็น {value!r}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.error(key, f"ต้องเป็น true หรือ false แต่เป็น {value!r}")
        return value

    def texts(self, key: str, choices: Iterable[str] | None = None) -> tuple[str, ...]:
        values = self.data.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.error(key, f"ต้องเป็นรายการข้อความ แต่เป็น {values!r}")
        for value in values:
            if choices is not None and value not in choices:
                raise self.error(key, f"ไม่รู้จัก “{value}” ที่ใช้ได้คือ {', '.join(choices) or 'ไม่มี'}")
        return tuple(values)

    def templates(self, key: str) -> tuple[str, ...]:
        for value in (values := self.texts(key)):
            self._check_placeholders(key, value)
        return values

    def parts(self, key: str) -> list["Part"]:
        values = self.data.get(key, [])
        if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
            raise self.error(key, f"ต้องมี [[{key}]] อย่างน้อยหนึ่งชุด")
        place = f"{self.place}.{key}" if self.place else key
        return [Part(self.file, f"{place}[{number}]", value) for number, value in enumerate(values, 1)]

    def _check_placeholders(self, key: str, text: str) -> None:
        try:
            names = names_in(text)
        except ValueError:
            raise self.error(key, f"วงเล็บปีกกาใน “{text}” ไม่ถูกต้อง") from None
        for name in names:
            if name not in PLACEHOLDERS:
                raise self.error(key, f"ไม่รู้จัก {{{name}}} ที่ใช้ได้คือ {', '.join(PLACEHOLDERS)}")
