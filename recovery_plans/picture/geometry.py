"""The lie of the land: how big things look far away, and where the path runs."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from .markup import row

Point = tuple[float, float]

# Hills, trees and plants are drawn once, on a sheet of this size, and stretched to each layout.
SHEET_WIDTH, SHEET_HEIGHT, SHEET_HORIZON = 800, 400, 168
SAMPLES = 32  # on each of the path's three sweeps; every third one shapes its edges


@dataclass(frozen=True)
class Layout:
    """The shape of the picture: its size, its horizon, its sun and the sweeps of its path."""

    name: str
    width: int
    height: int
    horizon: int
    sun: tuple[int, int, int]
    breadth: float  # of the path
    figure: float  # how large posts, people and plants are
    sweeps: tuple[tuple[Point, Point, Point, Point], ...]

    def across(self, x: float) -> float:
        return x / SHEET_WIDTH * self.width

    def down(self, y: float) -> float:
        return self.horizon + (y - SHEET_HORIZON) / (SHEET_HEIGHT - SHEET_HORIZON) * (self.height - self.horizon)

    def nearness(self, y: float) -> float:
        """Say how near a spot on the ground is: 0 at the horizon, 1 at the front edge."""
        return max(0.0, min(1.2, (y - self.horizon) / (self.height - self.horizon)))

    def half_width(self, y: float) -> float:
        return (2.6 + 40 * self.nearness(y) ** 1.35) * self.breadth

    def scale(self, y: float) -> float:
        return (0.42 + 0.78 * self.nearness(y)) * self.figure


LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout(
            name="banner",
            width=1120,
            height=440,
            horizon=222,
            sun=(908, 212, 52),
            breadth=1.05,
            figure=1.0,
            sweeps=(
                ((40, 480), (210, 352), (880, 424), (880, 338)),
                ((880, 338), (880, 288), (452, 316), (452, 272)),
                ((452, 272), (452, 236), (770, 252), (892, 221)),
            ),
        ),
        Layout(
            name="tall",
            width=400,
            height=380,
            horizon=150,
            sun=(304, 140, 38),
            breadth=0.78,
            figure=0.88,
            sweeps=(
                ((10, 425), (84, 318), (330, 352), (330, 274)),
                ((330, 274), (330, 222), (98, 248), (98, 202)),
                ((98, 202), (98, 164), (246, 180), (296, 149)),
            ),
        ),
        Layout(
            name="wide",
            width=800,
            height=400,
            horizon=168,
            sun=(640, 158, 50),
            breadth=1.0,
            figure=1.0,
            sweeps=(
                ((30, 448), (150, 322), (624, 374), (624, 292)),
                ((624, 292), (624, 240), (312, 262), (312, 216)),
                ((312, 216), (312, 180), (540, 196), (628, 167)),
            ),
        ),
    )
}


@dataclass(frozen=True)
class Spot:
    """A spot on the path: where it is, which way is sideways there, and how many points one share of the path spans."""

    x: float
    y: float
    aside: Point
    stride: float


class Way:
    """The path of one layout. A share runs from 0 (where the path enters) to 1 (where the sun rises)."""

    def __init__(self, layout: Layout, *, perspective: float):
        self.layout = layout
        self.perspective = perspective
        self.points = [_bend(sweep, step / SAMPLES) for sweep in layout.sweeps for step in range(SAMPLES)]
        self.points.append(layout.sweeps[-1][-1])
        self.walked = [0.0]
        for start, end in zip(self.points, self.points[1:], strict=False):
            self.walked.append(self.walked[-1] + math.dist(start, end) / self._pace((start[1] + end[1]) / 2))

    def _pace(self, y: float) -> float:
        # Far things look closer together; 0.35 leaves room for a number at the horizon.
        return (0.35 + self.layout.nearness(y)) ** self.perspective

    def at(self, share: float) -> Spot:
        goal = max(0.0, min(1.0, share)) * self.walked[-1]
        index = max(0, min(bisect_left(self.walked, goal) - 1, len(self.points) - 2))
        start, end = self.points[index], self.points[index + 1]
        part = (goal - self.walked[index]) / ((self.walked[index + 1] - self.walked[index]) or 1)
        y = start[1] + (end[1] - start[1]) * part
        return Spot(
            x=start[0] + (end[0] - start[0]) * part,
            y=y,
            aside=_sideways(start, end),
            stride=self.walked[-1] * self._pace(y),
        )

    def outline(self, *, extra: float = 0) -> str:
        """Draw the path's two edges as one closed shape, wider by `extra` (a border that thins with distance)."""
        left, right = [], []
        for index in range(0, len(self.points), 3):
            x, y = self.points[index]
            before, after = self.points[max(0, index - 1)], self.points[min(len(self.points) - 1, index + 1)]
            half = self.layout.half_width(y) + extra * (self.layout.nearness(y) + 0.25)
            dx, dy = edge(_sideways(before, after), half, half * 0.5)
            left.append((x + dx, y + dy))
            right.append((x - dx, y - dy))
        return trace(left + right[::-1])


@lru_cache(maxsize=8)
def way_of(layout: str, *, perspective: float = 1.0) -> Way:
    """Give the path of a layout; a lower `perspective` leaves more room for what is far away."""
    return Way(LAYOUTS[layout], perspective=perspective)


def edge(direction: Point, wide: float, tall: float) -> Point:
    """Find the outermost point of a lying ellipse in a direction: a round spot on the ground, seen from the side."""
    length = math.hypot(wide * direction[0], tall * direction[1]) or 1
    return wide * wide * direction[0] / length, tall * tall * direction[1] / length


def trace(points: list[Point]) -> str:
    """Write a closed, rounded shape along points, in small steps rounded so that the error never adds up."""
    halves = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(points, points[1:] + points[:1], strict=True)]
    x, y = round(halves[-1][0], 1), round(halves[-1][1], 1)
    parts = [f"M{row(x, y)}q"]
    for corner, half in zip(points, halves, strict=True):
        dx, dy = round(half[0] - x, 1), round(half[1] - y, 1)
        step = row(corner[0] - x, corner[1] - y, dx, dy)
        parts.append(step if parts[-1].endswith("q") or step.startswith("-") else f" {step}")
        x, y = x + dx, y + dy
    return "".join(parts) + "z"


def _bend(sweep: tuple[Point, Point, Point, Point], t: float) -> Point:
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    return tuple(a * p + b * q + c * r + d * s for p, q, r, s in zip(*sweep, strict=True))


def _sideways(start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1
    return -dy / length, dx / length
