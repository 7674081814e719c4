"""What was measured once, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Sample:
    """One run of one arm: how long, how many statements, what came out, and what else was seen."""

    seconds: float
    statements: int
    result: object
    extra: dict | None = None


@dataclass
class Finding:
    """What was promised, what was measured, and whether it holds."""

    what: str
    promised: str
    measured: str
    holds: bool
    # What runs the work once: its plan is kept when it falls short.
    arm: Callable | None = None

    def told(self):
        return {name: getattr(self, name) for name in ('what', 'promised', 'measured', 'holds')}
