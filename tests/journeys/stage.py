"""Runs scene.py inside a house, as a process with the house's own database and keys."""

import json
import os
import subprocess
import sys
from typing import Any

from sandbox.house import House


def run_scene(house: House, *arguments: str) -> dict[str, Any]:
    environment = {**os.environ, **house.environment("cli", "custodian", "intake", "log")}
    command = [sys.executable, "-m", "tests.journeys.scene", *arguments]
    done = subprocess.run(command, env=environment, check=True, capture_output=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
