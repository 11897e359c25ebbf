"""What a write may refuse with; every message is Thai and fit for the screen."""

from measures.models import ProgressEntry


class DomainError(ValueError):
    """A write that the rules do not allow; the message says what, where and what to do."""


class RoundClosed(DomainError):
    """The round does not take entries."""


class VersionConflict(DomainError):
    """Somebody else saved first; `current` is what stands now (None when there is no entry yet)."""

    def __init__(self, current: ProgressEntry | None) -> None:
        super().__init__("มีผู้บันทึกรายการนี้ก่อนท่าน ข้อความของท่านยังอยู่ ให้เลือกว่าจะใช้ข้อความใด")
        self.current = current


class FileError(DomainError):
    """A data file that cannot be taken, naming file and key."""
