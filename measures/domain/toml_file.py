"""Reading a TOML data file against a schema: what is wrong is said in Thai with file and key."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from measures import thai
from measures.domain.errors import FileError


class Record(BaseModel):
    """One table of a data file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Text = Annotated[str, AfterValidator(thai.normalise)]
"""A text of a data file in its stored form."""

Schema = TypeVar("Schema", bound=Record)

_MESSAGES = {
    "extra_forbidden": "ไม่รู้จักคีย์นี้ ให้ตรวจตัวสะกด",
    "missing": "ขาดคีย์นี้",
    "literal_error": "ค่านี้ใช้ไม่ได้",
    "enum": "ค่านี้ใช้ไม่ได้",
}


def read(path: Path, schema: type[Schema]) -> Schema:
    """The file as `schema`. Raises FileError naming the file and the key."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(f"{path.name}: เปิดแฟ้มไม่ได้ ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise FileError(f"{path.name}: ไม่ใช่ข้อความ UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"{path.name}: รูปแบบ TOML ไม่ถูกต้อง ({error})") from error
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        lines = [f"{path.name}: {_key(e['loc'])}: {_message(dict(e))}" for e in error.errors()]
        raise FileError("\n".join(lines)) from error


def _key(location: tuple[int | str, ...]) -> str:
    """A place such as oit_items[3].name, counting from 1 as people do."""
    key = ""
    for part in location:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return key.lstrip(".") or "ทั้งแฟ้ม"


def _message(error: dict[str, Any]) -> str:
    return _MESSAGES.get(error["type"], error["msg"].removeprefix("Value error, "))
