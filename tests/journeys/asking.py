"""A process that is asked over its pipes: one line of JSON in, one out, until its input closes.

Starting Python and Django costs seconds; whoever has more than one question keeps the process.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any, Self


class Asked:
    """A module of ours that runs and answers. environment: what it is told beside our own."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, *question: object) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "it ended instead of answering; what it said stands in stderr"
        return json.loads(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with self._process:  # closes its input, and waits
            pass


def answer_each(answer: Callable[..., object]) -> None:
    """Answer every question that comes by our input. Whatever else prints goes to stderr."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        for question in sys.stdin:
            print(json.dumps(answer(*json.loads(question))), file=answers, flush=True)
