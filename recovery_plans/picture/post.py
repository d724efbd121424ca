"""What the picture needs to know of a goal."""

from dataclasses import dataclass

STATES = ("now", "resting", "reached")


@dataclass(frozen=True)
class Post:
    """A goal as the picture knows it: its number, its state and which of its steps are done. Never a date."""

    number: int
    state: str
    steps: tuple[bool, ...]

    def __post_init__(self):
        if self.state not in STATES:
            raise ValueError(f"a post is now, resting or reached, not {self.state!r}")
