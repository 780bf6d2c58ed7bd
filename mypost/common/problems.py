"""What the product refuses: every error has one stable code and one sentence."""

from typing import ClassVar


class Refusal(Exception):
    """Base of every room's errors.

    code: stable, told to clients and printed small under a page's error.
    permanent: trying the same thing again cannot help.
    detail: one sentence for the person who asked; never content, never personal data.
    """

    code: ClassVar[str] = "refused"
    permanent: ClassVar[bool] = True

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or (self.__doc__ or self.code).strip().splitlines()[0])

    @property
    def detail(self) -> str:
        return str(self.args[0])
