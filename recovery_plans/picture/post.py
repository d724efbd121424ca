"""What the picture needs to know of a goal, and which of a great many it shows."""

from collections.abc import Sequence
from dataclasses import dataclass

STATES = ("now", "resting", "reached")
# More than these would hide one another, and each post is placed with a look at all others.
MAX_POSTS = 40


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
    if len(posts) <= MAX_POSTS:
        return posts
    current = next((index for index, post in enumerate(posts) if post.state == "now"), None)
    if current is None:
        current = max((index for index, post in enumerate(posts) if post.state == "reached"), default=0)
    first = max(0, min(current - MAX_POSTS // 2, len(posts) - MAX_POSTS))
    return posts[first : first + MAX_POSTS]
