"""What things cost in processor time, side by side: medians of turns that take turns."""

import gc
import json
import statistics
import sys
from dataclasses import asdict, dataclass

from tests.bench.cpu_time import stopwatch


@dataclass(frozen=True)
class Measured:
    """One number with its limit. `ok` says whether it is within."""

    name: str
    value: float
    unit: str
    target: float | None
    ok: bool

    @classmethod
    def at_most(cls, name, value, unit, target):
        return cls(name=name, value=round(value, 3), unit=unit, target=target, ok=value <= target)

    @classmethod
    def at_least(cls, name, value, unit, target):
        return cls(name=name, value=round(value, 3), unit=unit, target=target, ok=value >= target)

    @classmethod
    def info(cls, name, value, unit):
        """A number without a limit, to understand the others by."""
        return cls(name=name, value=round(value, 3), unit=unit, target=None, ok=True)

    def tell(self):
        """Hand it to the process that asked, one line of JSON."""
        sys.stdout.write(json.dumps(asdict(self)) + "\n")
        sys.stdout.flush()


def take_turns(things, *, rounds, warm=3, a_turn=1):
    """Milliseconds of processor time that each of these things takes, for each of many rounds in which all have a turn.

    `things` is {name: callable}. `a_turn` calls one after the other make one turn, for what is too short to time.
    """
    times = {name: [] for name in things}
    for _ in range(warm):
        for do in things.values():
            do()
    gc.collect()
    for _ in range(rounds):
        for name, do in things.items():
            elapsed = stopwatch()
            for _ in range(a_turn):
                do()
            times[name].append(elapsed() / a_turn)
    return times


def medians(times):
    return {name: statistics.median(taken) for name, taken in times.items()}


def ratio(times, of, to):
    """How many times longer one takes than another: the median of the ratios of each round, so that a busy moment of
    the machine weighs on both."""
    return statistics.median(a / b for a, b in zip(times[of], times[to], strict=True))
