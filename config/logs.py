"""Log lines say where and what kind of thing failed. Messages of errors may quote a letter."""

import logging
import traceback
from types import TracebackType


class WithoutContent(logging.Formatter):
    """Write an error as its kind and its places in our code, without its message."""

    def formatException(  # noqa: N802  the base class's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        kind, _error, trace = ei
        places = [f"  {frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
        return "\n".join([kind.__name__ if kind else "", *places[-8:]])
