"""Ways in which an outside party may be no help. They are chosen on its page, or by a test."""

from enum import StrEnum
from pathlib import Path


class Trouble(StrEnum):
    """What programs meet instead of an answer. People's pages always work."""

    NONE = "none"
    AWAY = "away"  # 503
    SLOW = "slow"  # a byte now and then
    HUGE = "huge"  # an answer without end
    REDIRECT = "redirect"  # to somewhere else
    NONSENSE = "nonsense"  # JSON, but not what was agreed
    REFUSE = "refuse"  # 403, as with a wrong token
    STRANGE = "strange"  # the feed tells also of pieces and kinds that nobody knows


class Switch:
    """The trouble that is on, kept in a file so that it outlives the process."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def trouble(self) -> Trouble:
        return Trouble(self._file.read_text().strip()) if self._file.exists() else Trouble.NONE

    def turn(self, trouble: Trouble) -> None:
        self._file.write_text(trouble.value)
