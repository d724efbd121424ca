"""What the picture needs to know of a goal, and which of a great many it shows."""

from collections.abc import Sequence
from dataclasses import dataclass

STATES = ("now", "resting", "reached")
# More than these would hide one another, and each post is placed with a look at all others.
POSTS_MOST = 40


@dataclass(frozen=True)
class Post:
    """A goal as the picture knows it: its number, its state and which of its steps are done. Never a date."""

    number: int
    state: str
    steps: tuple[bool, ...]

    def __post_init__(self):
        if self.state not in STATES:
            raise ValueError(f"a post is now, resting or reached, not {self.state!r}")


def posts_to_draw(posts: Sequence) -> Sequence:
    """All the posts; of more than forty those around the place where the person stands now."""
    if len(posts) <= POSTS_MOST:
        return posts
    here = next((index for index, post in enumerate(posts) if post.state == "now"), None)
    if here is None:
        here = max((index for index, post in enumerate(posts) if post.state == "reached"), default=0)
    first = max(0, min(here - POSTS_MOST // 2, len(posts) - POSTS_MOST))
    return posts[first : first + POSTS_MOST]
