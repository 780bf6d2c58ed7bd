"""Runs scene.py inside a house, as a process with the house's own database and keys."""

from sandbox.house import House
from tests.journeys.asking import Asked


def stage_in(house: House) -> Asked:
    """Open one such process for all that is asked of it."""
    return Asked("tests.journeys.scene", house.environment("cli", "custodian", "intake", "log"))
