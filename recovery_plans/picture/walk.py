"""What is on the path: stones, posts and people, drawn from the back to the front."""

import math
from collections.abc import Callable

from .markup import row, short, transform
from .positions import STEM, Company, Positions, Stone, Waymark

Paint = Callable[[str], str]

MAX_PEOPLE = 6
PEOPLE_COLOURS = ("pine", "plum", "clay", "lake", "doneedge", "ink")
# Where each stands, in steps to the right and to the front; the person first, the others around.
STANDING = {
    1: ((0, 0),),
    2: ((-0.5, 0), (0.5, 0)),
    3: ((0, 0.2), (-1, 0), (1, 0)),
    4: ((-0.5, 0.2), (0.5, 0.2), (0, -0.5), (1.05, -0.35)),
    5: ((0, 0.25), (-1, 0.1), (1, 0.1), (-0.5, -0.55), (0.5, -0.55)),
    6: ((0, 0.25), (-1, 0.1), (1, 0.1), (-0.5, -0.55), (0.5, -0.55), (1.5, -0.45)),
}
APART = 21


def draw_walk(positions: Positions, *, people: int, paint: Paint, ident: str, font: str) -> str:
    """Draw everything that stands on or beside the path; what is nearer covers what is farther."""
    drawn = [(stone.y, 0, _stone(stone, paint=paint, ident=ident)) for stone in positions.stones]
    drawn += [(mark.y, 1, _waymark(mark, paint=paint, ident=ident)) for mark in positions.waymarks]
    # The company is never covered: the picture is about them.
    company = _company(positions.company, people=people, paint=paint, ident=ident)
    things = "".join(thing for _, _, thing in sorted(drawn, key=lambda each: each[:2]))
    return f'<g text-anchor="middle"{font}>{things}</g>{company}'


def define(positions: Positions, *, paint: Paint, ident: str) -> str:
    """Define once each kind of stone and post the picture shows, and the shape of a person."""
    kinds = {"done" if stone.done else "open" for stone in positions.stones}
    kinds |= {mark.post.state for mark in positions.waymarks}
    drawn = {"open": _open_stone, "done": _done_stone, "now": _now, "resting": _resting, "reached": _reached}
    things = (_named(f"{ident}-{kind}", draw(paint)) for kind, draw in drawn.items() if kind in kinds)
    return "".join(things) + (
        f'<g id="{ident}-walker"><ellipse cy="1" rx="12" ry="3.4" fill="{paint("ink")}" fill-opacity=".2"/>'
        '<path d="M-10 0C-11-14-10-30 0-30 10-30 11-14 10 0 6 2-6 2-10 0zM-8-37.5a8 8 0 1 1 16 0a8 8 0 1 1-16 0z" '
        f'stroke="{paint("path")}" stroke-width="1.4"/></g>'
    )


def _named(ident: str, shapes: str) -> str:
    """These shapes under one name; one alone needs no group round it."""
    return shapes.replace(" ", f' id="{ident}" ', 1) if shapes.count("<") == 1 else f'<g id="{ident}">{shapes}</g>'


def _stone(stone: Stone, *, paint: Paint, ident: str) -> str:
    spot = transform(stone.x, stone.y, stone.reach / 10)
    drawn = f'<use href="#{ident}-{"done" if stone.done else "open"}" {spot}/>'
    if stone.is_next:
        glow = row(stone.reach * 1.7), row(stone.reach * 0.85)
        drawn = (
            f'<ellipse class="pathpic-next" cx="{short(stone.x)}" cy="{short(stone.y)}" rx="{glow[0]}" ry="{glow[1]}" '
            f'fill="{paint("done")}" fill-opacity=".45"/>{drawn}'
        )
    return drawn


def _waymark(mark: Waymark, *, paint: Paint, ident: str) -> str:
    number = str(mark.post.number)
    size = 10.8 if len(number) < 3 else 19 / len(number)
    colour = paint("pine" if mark.post.state == "now" else "ink")
    return (
        f'<g {transform(mark.x, mark.y, mark.radius / 10)}><use href="#{ident}-{mark.post.state}"/>'
        f'<text y="{short(-10 * STEM + size * 0.35)}" font-size="{short(size)}" fill="{colour}">{number}</text></g>'
    )


def _company(company: Company, *, people: int, paint: Paint, ident: str) -> str:
    standing = sorted(zip(STANDING[people], PEOPLE_COLOURS, strict=False), key=lambda each: each[0][1])
    walkers = "".join(
        f'<use href="#{ident}-walker" transform="translate({row(x * APART, y * APART + 6)})" fill="{paint(colour)}"/>'
        for (x, y), colour in standing
    )
    return f"<g {transform(company.x, company.y, company.scale)}>{walkers}</g>"


def _open_stone(paint: Paint) -> str:
    return f'<ellipse rx="10" ry="4.6" fill="{paint("stone")}" stroke="{paint("stoneedge")}" stroke-width="1.9"/>'


def _done_stone(paint: Paint) -> str:
    edge = paint("doneedge")
    return (
        f'<ellipse rx="10" ry="4.6" fill="{paint("done")}" stroke="{edge}" stroke-width="1.7"/>'
        f'<path d="M-3.2 0l2.3 1.8 4.3-3.7" fill="none" stroke="{edge}" stroke-width="1.5" stroke-linecap="round" '
        'stroke-linejoin="round"/>'
    )


def _now(paint: Paint) -> str:
    return _post(paint, fill="card", ring="pine")


def _resting(paint: Paint) -> str:
    return _post(paint, fill="card", ring="stoneedge", more=' stroke-dasharray="2.6 2.11"')


def _reached(paint: Paint) -> str:
    # Twelve rays: one ring, cut into dashes, none of them on the stem. Gold in a dark edge shows by day and by night.
    radius = 13.6
    part = math.tau * radius / 12
    rays = "".join(
        f'<circle cy="-17.5" r="{radius}" fill="none" stroke="{paint(colour)}" stroke-width="{short(length)}" '
        f'stroke-dasharray="{row(wide, part - wide)}" stroke-dashoffset="{short((wide + part) / 2)}"/>'
        for colour, wide, length in (("doneedge", 2.6, 3.6), ("done", 1.4, 2.4))
    )
    return rays + _post(paint, fill="done", ring="doneedge")


def _post(paint: Paint, *, fill: str, ring: str, more: str = "") -> str:
    return (
        f'<ellipse cy="1" rx="7" ry="2" fill="{paint("ink")}" fill-opacity=".18"/>'
        f'<path d="M0 0V-8" stroke="{paint("trunk")}" stroke-width="2.2" stroke-linecap="round"/>'
        f'<circle cy="-17.5" r="10" fill="{paint(fill)}" stroke="{paint(ring)}" stroke-width="1.7"{more}/>'
    )
