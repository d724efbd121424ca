"""The plan as a picture: a path that winds to a sunrise, walked together. Pure Python: facts in, SVG out.

Stones are steps (gold with a tick when done), numbered posts are goals (dashed while they rest, gold with rays when
reached), the people stand where the person is now, the plants in front are strengths.
It never shows lateness, what is left, or a share of anything: it is not given them.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from . import scenery, walk
from .geometry import LAYOUTS
from .markup import words
from .palette import paint_for
from .positions import find_positions
from .post import Post, posts_to_draw

__all__ = ["Post", "draw", "posts_to_draw"]

IDENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
SCREEN_FONT = ' font-weight="700"'
# On paper the picture is an image of its own and inherits no font from the page around it; of the same weight as the
# page's bold words, so that a PDF carries no face for a few numbers.
PAPER_FONT = ' font-weight="600" font-family="\'Source Sans 3\',sans-serif"'
# WeasyPrint asks every shape for its font size, and takes long to find that out where none is written.
PAPER_FONT_SIZE = ' font-size="16"'


def draw(
    posts: Iterable[Post],
    *,
    strengths: int,
    people: int,
    layout: str,
    colours: str,
    title: str,
    description: str,
    ident: str = "path",
) -> str:
    """Draw the plan as a path and give it as one `<svg>` element.

    `layout` is "banner", "tall" or "wide"; `colours` is "screen" (CSS variables `--pic-…` of the page), "print" or
    "grey". `people` counts the person too: six are shown at most, one at least; of the posts those of `posts_to_draw`.
    `title` and `description` are plain words, made safe here. Two pictures on one page need two `ident`s. The same
    facts always give the same picture.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"layout is banner, tall or wide, not {layout!r}")
    if not IDENT.fullmatch(ident):
        raise ValueError("ident starts with a letter and has only letters, digits, - and _")
    people = max(1, min(walk.MAX_PEOPLE, people))
    width, height, drawn = _draw(posts_to_draw(tuple(posts)), max(0, strengths), people, layout, colours, ident)
    font_size = "" if colours == "screen" else PAPER_FONT_SIZE
    return (
        f'<svg class="pathpic pathpic--{layout}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f'{font_size} role="img" aria-labelledby="{ident}-title {ident}-desc" preserveAspectRatio="xMidYMid slice">'
        f'<title id="{ident}-title">{words(title)}</title><desc id="{ident}-desc">{words(description)}</desc>'
        f"{drawn}</svg>"
    )


@lru_cache(maxsize=512)
def _draw(posts, strengths, people, layout, colours, ident):
    """Everything but the words. A plan is looked at far more often than its path changes, so it is kept for a while:
    the facts are numbers and states, nobody's words or names."""
    ground, paint = LAYOUTS[layout], paint_for(colours)
    positions = find_positions(posts, layout=layout, people=people)
    font = SCREEN_FONT if colours == "screen" else PAPER_FONT
    parts = (
        f"<defs>{scenery.define(ground, strengths=strengths, paint=paint, ident=ident)}",
        f'{walk.define(positions, paint=paint, ident=ident)}</defs><g clip-path="url(#{ident}-clip)">',
        scenery.draw_backdrop(ground, paint=paint, ident=ident),
        walk.draw_walk(positions, people=people, paint=paint, ident=ident, font=font),
        scenery.draw_plants(ground, strengths=strengths, paint=paint, ident=ident),
        "</g>",
    )
    return ground.width, ground.height, "".join(parts)
