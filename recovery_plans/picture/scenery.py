"""What is there for everyone: sky, sun, hills and the path; and in front, the plants that stand for strengths."""

import re
from collections.abc import Callable
from functools import lru_cache

from .geometry import Layout, way_of
from .markup import row, short, transform

Paint = Callable[[str], str]

# Drawn on the 800 × 400 sheet (see geometry).
FAR_HILLS = (
    ("M0 176C90 120 190 128 280 162C340 138 430 130 520 166C600 150 700 128 800 158L800 260L0 260z", "far"),
    ("M0 188C140 152 250 176 360 178C470 180 560 160 660 172C720 166 770 172 800 176L800 300L0 300z", "far2"),
    ("M0 214C110 186 260 204 380 196C520 186 660 176 800 192L800 330L0 330z", "mid"),
    ("M0 262C160 222 330 262 470 256C600 250 710 226 800 238L800 400L0 400z", "near"),
)
BANKS = (
    ("M0 372C60 356 130 380 190 400L0 400z", "front"),
    ("M800 330C720 322 640 356 560 372C500 384 440 392 400 400L800 400z", "front"),
)
TREES = (
    (128, 206, 0.55, "tree2"),
    (150, 208, 0.7, "tree"),
    (700, 200, 0.6, "tree"),
    (724, 204, 0.8, "tree2"),
    (744, 203, 0.5, "tree"),
    (54, 268, 0.8, "tree2"),
    (88, 262, 1.05, "tree"),
    (726, 268, 1.0, "tree2"),
    (758, 276, 1.35, "tree"),
)

# The first dozen strengths each have a position of their own; what comes after grows between them.
BEDS = (
    (752, 370),
    (694, 384),
    (26, 388),
    (636, 390),
    (578, 400),
    (782, 392),
    (70, 398),
    (664, 366),
    (772, 354),
    (724, 398),
    (614, 377),
    (728, 352),
)
MAX_PLANTS = 40
PLANTS = ("cup", "lavender", "fern")


@lru_cache(maxsize=24)
def draw_backdrop(layout: Layout, *, paint: Paint, ident: str) -> str:
    """Draw the land and the path, before anyone walks on it."""
    x, y, radius = layout.sun
    way = way_of(layout.name)
    return "".join(
        (
            f'<rect width="{layout.width}" height="{layout.horizon + 40}" fill="url(#{ident}-sky)"/>',
            f'<g fill="{paint("halo")}">',
            f'<circle cx="{x}" cy="{y}" r="{short(radius * 2.1)}" fill-opacity=".28"/>',
            f'<circle cx="{x}" cy="{y}" r="{short(radius * 1.5)}" fill-opacity=".45"/></g>',
            f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{paint("sun")}"/>',
            *(_land(layout, line, paint(colour)) for line, colour in FAR_HILLS),
            f'<path d="{way.outline(extra=5)}" fill="{paint("pathedge")}"/>',
            f'<path d="{way.outline()}" fill="{paint("path")}"/>',
            _trees(layout, paint=paint),
        )
    )


def draw_plants(layout: Layout, *, strengths: int, paint: Paint, ident: str) -> str:
    """Draw the bank in front with one plant for each strength; after a dozen it grows denser, up to forty."""
    banks = "".join(_land(layout, line, paint(colour)) for line, colour in BANKS)
    beds = sorted(_beds(min(strengths, MAX_PLANTS), layout), key=lambda bed: bed[1])
    plants = []
    for x, y, size, plant in beds:
        size *= layout.figure
        # No plant is cut off at the side of a narrow picture.
        x = round(max(22 * size, min(layout.width - 22 * size, layout.across(x))))
        plants.append(f'<use href="#{ident}-{plant}" {transform(x, round(layout.down(y)), size)}/>')
    return banks + "".join(plants)


def define(layout: Layout, *, strengths: int, paint: Paint, ident: str) -> str:
    """Define once what the scenery shows many times."""
    sky = (
        f'<linearGradient id="{ident}-sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{paint("sky2")}"/>'
        f'<stop offset="1" stop-color="{paint("sky1")}"/></linearGradient>'
        f'<clipPath id="{ident}-clip"><rect width="{layout.width}" height="{layout.height}"/></clipPath>'
    )
    drawn = {"cup": _cup, "lavender": _lavender, "fern": _fern}
    plants = (
        f'<g id="{ident}-{name}" stroke-linecap="round">{drawn[name](paint)}</g>'
        for name in PLANTS[: max(0, strengths)]
    )
    return sky + "".join(plants)


def _beds(strengths: int, layout: Layout) -> list[tuple[float, float, float, str]]:
    # A narrow picture has half the bank for as many plants, so they stay smaller.
    crowd = 1.0 if strengths <= 8 else 0.86 if layout.width > 600 else 0.74
    beds = []
    for index in range(strengths):
        plant = PLANTS[index % 3]
        if index < len(BEDS):
            beds.append((*BEDS[index], (1 - 0.07 * (index % 3)) * crowd, plant))
            continue
        # Steps of the golden ratio spread any number of plants evenly, and always at the same positions.
        along, deep = (index * 0.618034) % 1, (index * 0.414214) % 1
        x = 486 + 306 * along
        top = 392 - 62 * along**0.8
        beds.append((x, top + 4 + (404 - top) * deep, 0.5 + 0.1 * deep, plant))
    return beds


def _land(layout: Layout, line: str, colour: str) -> str:
    numbers = iter(re.findall(r"[A-Za-z]|\d+", line))
    parts = []
    for token in numbers:
        if token.isalpha():
            parts.append(token)
            continue
        pair = row(layout.across(float(token)), layout.down(float(next(numbers))))
        parts.append(pair if parts[-1].isalpha() else f" {pair}")
    return f'<path d="{"".join(parts)}" fill="{colour}"/>'


def _trees(layout: Layout, *, paint: Paint) -> str:
    """The trees as one shape a colour: what costs a printer of pictures is how many shapes there are."""
    shapes = {"trunk": "", "tree2": "", "tree": ""}
    for x, y, size, colour in TREES:
        x, y, size = layout.across(x), layout.down(y), size * (0.8 if layout.width < 600 else 1)
        shapes["trunk"] += _trunk(x, y, size)
        shapes[colour] += _crown(x, y, size)
    return "".join(f'<path d="{line}" fill="{paint(colour)}"/>' for colour, line in shapes.items())


def _trunk(x: float, y: float, size: float) -> str:
    foot = row(2 * size, 2 * size)
    return f"M{row(x - 2 * size, y - 14 * size)}h{row(4 * size)}V{row(y)}a{foot} 0 0 1{row(-4 * size, 0)}z"


def _crown(x: float, y: float, size: float) -> str:
    sides = ((16, 2, 20, 22, 12, 32), (-6, 6, -18, 6, -24, 0), (-8, -10, -4, -30, 12, -32))
    curves = "".join(f"c{row(*(size * number for number in side))}" for side in sides)
    return f"M{row(x, y - 46 * size)}{curves}z"


def _stems(paint: Paint, line: str) -> str:
    return f'<path d="{line}" fill="none" stroke="{paint("leaf2")}" stroke-width="2.4"/>'


def _cup(paint: Paint) -> str:
    heads = ((0, -50, "petal1"), (13, -36, "petal1"), (-12, -30, "petal2"))
    stems = "".join(f"M{row(x * 0.2, 6)}C{row(x * 0.2, -10, x, y * 0.5, x, y)}" for x, y, _ in heads)
    petals = {"petal1": "", "petal2": ""}
    for x, y, petal in heads:
        petals[petal] += f"M{row(x - 8, y - 7)}c1 11 15 11 16 0-4-4-6 0-8-2-2 2-4-2-8 2z"
    leaf = f'<path d="M0-6C-12-8-17-14-19-20-8-20-2-15 0-6z" fill="{paint("leaf2")}"/>'
    drawn = (f'<path d="{line}" fill="{paint(petal)}"/>' for petal, line in petals.items())
    return _stems(paint, stems) + leaf + "".join(drawn)


def _lavender(paint: Paint) -> str:
    spikes = ((-9, -44), (0, -56), (10, -46))
    stems = "".join(f"M{row(x * 0.25, 6)}C{row(x * 0.25, -14, x, y * 0.5, x, y)}" for x, y in spikes)
    # A line without a length, with round ends, is a dot.
    buds = "".join(
        f"M{row(x + (1.6 if bud % 2 else -1.6), y + 2 + bud * 4.6)}h.01" for x, y in spikes for bud in range(5)
    )
    return _stems(paint, stems) + f'<path d="{buds}" fill="none" stroke="{paint("petal3")}" stroke-width="6.6"/>'


def _fern(paint: Paint) -> str:
    fronds = []
    for pair, y in enumerate((-6, -15, -24, -33, -41)):
        x, size = 0.6 * pair, 1 - pair * 0.15
        for way, up in ((-1, 0), (1, -3)):
            tip = way * size
            fronds.append(
                f"M{row(x, y + up)}c{row(10 * tip, -1, 17 * tip, -6 * size, 20 * tip, -12 * size)}"
                f"C{row(x + 9 * tip, y + up - 12 * size, x, y + up - 8 * size, x, y + up)}z"
            )
    return _stems(paint, "M0 6C1-14-2-32 5-50") + f'<path d="{"".join(fronds)}" fill="{paint("leaf2")}"/>'
