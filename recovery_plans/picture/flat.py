"""The picture as paper wants it: nothing but shapes, each drawn once, those of one ink together.

To WeasyPrint every `<use>`, every group and every word in a picture costs about as much as a line of text. So what the
picture is made of is laid flat here; it looks the same. The numbers on the posts become shapes too: they are those of
Source Sans 3 Bold (SIL Open Font License).
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

from . import scenery, walk
from .geometry import LAYOUTS
from .markup import row, short
from .palette import paint_for
from .places import find_places
from .post import Post

IDENT = "path"
# What a thing takes over from the group it stands in.
INKS = ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray", "stroke-dashoffset")
MEASURES = {"stroke-width", "stroke-dasharray", "stroke-dashoffset"}
HALF = 4 / 3  # how far the handles of a curve lie that makes half an ellipse, well enough for a bud
STROKES = re.compile(r"([a-zA-Z])([^a-zA-Z]*)")
NUMBERS = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
PLACE = re.compile(r"(translate|scale)\(([^)]*)\)")
STEP = {"m": 2, "l": 2, "h": 1, "v": 1, "q": 4, "c": 6, "a": 7, "z": 0}
EVERYWHERE = (-math.inf, -math.inf, math.inf, math.inf)
DIGIT_WIDE = 528
DIGITS = (
    "M264 12Q162 12 99-73 37-158 37-320 37-483 99-565 162-647 264-647 366-647 429-564 491-482 491-320 491-158 429-73 "
    "366 12 264 12zM264-102Q289-102 309-120 329-139 341-186 352-234 352-320 352-407 341-453 329-499 309-516 289-533 "
    "264-533 239-533 219-516 199-499 188-453 176-407 176-320 176-234 188-186 199-139 219-120 239-102 264-102z",
    "M70 0V-119H208V-486H89V-577Q141-587 177-601 214-615 247-635H355V-119H474V0z",
    "M37 0V-91Q117-162 179-224 242-286 277-339 313-392 313-436 313-483 289-507 265-532 223-532 189-532 162-512 134-493 "
    "110-467L33-543Q79-595 127-621 176-647 243-647 305-647 353-622 400-597 427-552 453-507 453-446 453-389 422-334 "
    "392-280 342-226 292-172 236-116 260-119 290-121 320-124 342-124H484V0z",
    "M243 12Q192 12 151 0 109-11 77-31 45-51 22-78L90-171Q119-143 154-125 189-107 229-107 275-107 304-126 332-146 "
    "332-182 332-210 318-231 304-251 267-262 231-273 161-273V-377Q218-377 251-388 284-399 297-418 311-437 311-462 "
    "311-496 291-514 270-532 233-532 199-532 172-517 144-503 114-476L40-566Q84-604 133-625 182-647 240-647 305-647 "
    "355-627 404-606 431-568 459-529 459-473 459-424 431-389 404-354 353-332V-328Q389-317 418-297 447-276 463-245 "
    "479-214 479-173 479-114 447-72 414-31 361-10 307 12 243 12z",
    "M294 0V-367Q294-397 296-438 299-479 300-509H296Q284-483 271-456 258-430 244-402L160-264H504V-152H19V-253L251-635"
    "H431V0z",
    "M247 12Q195 12 154 0 112-12 80-32 48-52 23-77L89-170Q118-144 152-125 186-107 226-107 258-107 282-118 306-130 "
    "320-152 333-174 333-206 333-254 305-279 277-304 233-304 206-304 187-297 168-290 139-272L73-314 91-635H451V-511H218"
    "L207-392Q226-400 242-404 258-407 278-407 333-407 379-386 425-365 452-321 480-277 480-210 480-139 448-90 415-40 "
    "362-14 309 12 247 12z",
    "M281 12Q235 12 192-6 149-24 115-62 81-100 61-160 41-219 41-303 41-392 62-457 83-522 119-564 155-606 201-626 "
    "247-647 298-647 361-647 407-624 453-602 483-571L406-483Q389-501 362-515 335-528 307-528 271-528 240-507 210-486 "
    "193-437 175-387 175-303 175-224 190-179 204-135 228-117 252-98 278-98 300-98 318-109 336-120 347-143 358-165 "
    "358-201 358-235 347-255 336-275 318-284 299-293 275-293 250-293 224-278 197-263 176-225L169-321Q194-358 233-377 "
    "272-397 303-397 357-397 400-376 443-355 468-312 492-268 492-201 492-135 463-87 435-39 387-14 339 12 281 12z",
    "M150 0Q155-79 166-146 177-212 198-272 218-332 250-390 282-448 329-511H44V-635H486V-545Q430-477 394-418 359-359 "
    "340-298 321-237 312-165 303-93 298 0z",
    "M263 12Q200 12 150-10 99-32 71-72 42-111 42-162 42-201 56-229 71-258 96-280 120-302 150-318V-322Q114-350 89-386 "
    "65-422 65-472 65-526 91-565 117-605 163-626 209-647 268-647 356-647 408-600 461-552 461-473 461-443 449-416 "
    "438-390 419-370 400-349 378-334V-330Q408-314 433-291 458-269 473-237 488-206 488-164 488-114 460-74 432-35 381-11 "
    "331 12 263 12zM303-370Q322-392 332-415 342-438 342-463 342-488 333-506 324-524 306-535 289-545 265-545 236-545 "
    "215-527 194-508 194-472 194-446 208-428 222-410 246-396 271-382 303-370zM266-90Q290-90 309-99 329-107 340-125 "
    "351-142 351-169 351-197 334-215 318-234 287-248 257-263 217-280 196-261 182-235 168-208 168-179 168-151 182-131 "
    "195-111 217-101 240-90 266-90z",
    "M229 12Q166 12 120-11 74-34 43-64L121-152Q137-134 164-121 192-107 219-107 257-107 286-128 316-149 334-198 "
    "351-248 351-332 351-411 337-456 322-500 299-518 275-537 248-537 227-537 208-526 190-515 179-493 168-471 168-434 "
    "168-401 179-381 190-360 209-351 228-342 252-342 277-342 303-357 329-373 350-410L357-314Q333-279 294-258 255-238 "
    "223-238 169-238 126-259 83-280 59-323 34-367 34-434 34-500 63-548 92-596 140-622 188-647 245-647 292-647 335-629 "
    "378-611 411-573 445-535 465-475 486-416 486-332 486-243 465-178 443-113 407-71 371-29 325-9 279 12 229 12z",
)


def draw_flat(posts: Iterable[Post], *, strengths: int, people: int, colours: str) -> str:
    """The plan as a wide picture for paper, as one `<svg>` without words: the page says beside it what it shows.

    `colours` is "print" or "grey"; the other facts are those of `draw`.
    """
    layout, people = LAYOUTS["wide"], max(1, min(walk.PEOPLE_MOST, people))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width} {layout.height}">'
        f"{_backdrop(colours)}{_walked(tuple(posts), people, colours)}{_plants(max(0, strengths), colours)}</svg>"
    )


@lru_cache(maxsize=64)
def _walked(posts, people, colours):
    """The path with its stones, posts and people. It is made of numbers and states, nobody's words or names."""
    places, paint = find_places(posts, layout="wide", people=people), paint_for(colours)
    drawn = walk.draw_walk(places, people=people, paint=paint, ident=IDENT, font="")
    return lay_flat(walk.define(places, paint=paint, ident=IDENT), drawn)


@lru_cache(maxsize=2)
def _backdrop(colours):
    """The land, which is the same under every plan."""
    layout, paint = LAYOUTS["wide"], paint_for(colours)
    defined = scenery.define(layout, strengths=0, paint=paint, ident=IDENT)
    sky = defined[: defined.index("</linearGradient>")] + "</linearGradient>"
    return f"<defs>{sky}</defs>{lay_flat(defined, scenery.draw_backdrop(layout, paint=paint, ident=IDENT))}"


@lru_cache(maxsize=scenery.PLANTS_MOST)
def _plants(strengths, colours):
    told = {"strengths": strengths, "paint": paint_for(colours), "ident": IDENT}
    return lay_flat(scenery.define(LAYOUTS["wide"], **told), scenery.draw_plants(LAYOUTS["wide"], **told))


def lay_flat(defined: str, drawn: str) -> str:
    """What is drawn with what is defined, as a short list of shapes. It knows what our picture is made of, no more."""
    both = ElementTree.fromstring(f"<svg><defs>{defined}</defs><g>{drawn}</g></svg>")  # noqa: S314 - our own picture
    sheet = Pile({element.get("id"): element for element in both[0]})
    sheet.lay(both[1], {}, STAYS)
    return "".join(map(Shape.markup, sheet.shapes))


@dataclass(frozen=True)
class Spot:
    """Where a thing stands and how large: every place in it is moved by this."""

    x: float
    y: float
    scale: float

    def at(self, x: float, y: float, scale: float) -> "Spot":
        """The spot of something that stands there within this one."""
        return Spot(self.x + self.scale * x, self.y + self.scale * y, self.scale * scale)

    def told(self, transform: str) -> "Spot":
        """The same, as it is written in the picture."""
        spot = self
        for kind, numbers in PLACE.findall(transform):
            values = [float(number) for number in NUMBERS.findall(numbers)]
            spot = spot.at(0, 0, *values) if kind == "scale" else spot.at(*values, 1)
        return spot


STAYS = Spot(0, 0, 1)


@dataclass
class Shape:
    """What is drawn with one ink, and the boxes it covers: lines that were laid together, or something round alone."""

    ink: tuple
    boxes: list
    lines: list
    is_round: bool = False

    def markup(self):
        inks = "".join([f' {name}="{value}"' for name, value in self.ink])
        return f"<ellipse {self.lines[0]}{inks}/>" if self.is_round else f'<path d="{"".join(self.lines)}"{inks}/>'


class Pile:
    """The shapes laid so far, from the back to the front."""

    def __init__(self, named):
        self._named = named
        self.shapes = []

    def lay(self, element, inks, spot):
        """Lay this thing, and all that stands in it, on what is there already."""
        kind = element.tag
        inks = inks | {name: element.get(name) for name in INKS if element.get(name)}
        spot = spot.told(element.get("transform", ""))
        if kind == "g":
            for inner in element:
                self.lay(inner, inks, spot)
        elif kind == "use":
            self.lay(self._named[element.get("href")[1:]], inks, spot)
        elif kind in ("circle", "ellipse"):
            self.shapes.append(_round(element, _ink(element, kind, inks, spot), spot))
        else:
            lines, spot = _outline(kind, element, spot)
            moved, box = _move(lines, spot)
            self._add(_ink(element, kind, inks, spot), moved, box)

    def _add(self, ink, line, box):
        """Lay it together with others of its ink, where nothing in between would be covered. Mere lines may cross."""
        line_only = ("fill", "none") in ink
        for shape in reversed(self.shapes):
            covers = any(_meet(box, other) for other in shape.boxes)
            if shape.ink == ink and not shape.is_round and (line_only or not covers):
                shape.lines.append(line)
                shape.boxes.append(box)
                return
            if covers:
                break
        self.shapes.append(Shape(ink, [box], [line]))


def _round(element, ink, spot):
    """A circle or an ellipse. WeasyPrint draws one faster than it reads a line around it, so it stays what it is."""
    x, y, across, wide, tall = _told(element, "cx", "cy", "r", "rx", "ry")
    x, y, wide, tall = spot.x + spot.scale * x, spot.y + spot.scale * y, wide or across, tall or across
    wide, tall = spot.scale * wide, spot.scale * tall
    told = f'cx="{short(x)}" cy="{short(y)}" rx="{short(wide)}" ry="{short(tall)}"'
    return Shape(ink, [(x - wide - 1, y - tall - 1, x + wide + 1, y + tall + 1)], [told], is_round=True)


def _ink(element, kind, inks, spot):
    """Everything about how it is drawn, as attributes in a fixed order. A number on a post has no edge."""
    inks = {name: value for name, value in inks.items() if kind != "text" or name == "fill"}
    if "stroke" not in inks:
        inks = {name: value for name, value in inks.items() if name == "fill"}
    for name in MEASURES & set(inks):
        # The scale of a number is in its outline, that of all others in their ink.
        inks[name] = " ".join(short(float(value) * spot.scale, places=2) for value in inks[name].split())
    if element.get("opacity"):
        inks["fill-opacity"] = element.get("opacity")
    return tuple(sorted(inks.items()))


def _outline(kind, element, spot):
    """The line of a thing, and the spot from which it is measured."""
    if kind == "path":
        return element.get("d"), spot
    if kind == "rect":
        return _rectangle(*_told(element, "x", "y", "width", "height")), spot
    size = float(element.get("font-size")) / 1000
    half = DIGIT_WIDE * len(element.text) / 2
    return _number(element.text), spot.at(-size * half, float(element.get("y")), size)


@lru_cache(maxsize=64)
def _number(told):
    """A number as the line around its letters."""
    return "".join(_move(DIGITS[int(digit)], Spot(DIGIT_WIDE * place, 0, 1))[0] for place, digit in enumerate(told))


def _told(element, *names):
    return [float(element.get(name, 0)) for name in names]


def _rectangle(x, y, wide, tall):
    return f"M{row(x, y)}h{short(wide)}v{short(tall)}h{short(-wide)}z"


def _move(line, spot):
    """The line at its spot, and the box it lies in; the land, which lies where it was drawn, covers everything."""
    if spot == STAYS:
        return line, EVERYWHERE
    strokes, (left, top, right, bottom) = _strokes(line)
    moved = "".join([letter + row(*_placed(letter, values, spot)) for letter, values in strokes])
    x, y, scale = spot.x, spot.y, spot.scale
    return moved, (x + scale * left - 1, y + scale * top - 1, x + scale * right + 1, y + scale * bottom + 1)


@lru_cache(maxsize=128)
def _strokes(line):
    """A line as letters and numbers, and the box it lies in. Most are the same in every picture, and are kept."""
    strokes, at, across, down = [], (0.0, 0.0), [], []
    for letter, told in STROKES.findall(line):
        values = [float(number) for number in NUMBERS.findall(told)]
        step = STEP[letter.lower()]
        if letter == "a":
            letter, values, step = "c", _buds(values), 6
        strokes.append((letter, values))
        for first in range(0, len(values), step or 1):
            points = _points(letter, values[first : first + step], at)
            across += [x for x, _ in points]
            down += [y for _, y in points]
            at = points[-1]
    return strokes, (min(across), min(down), max(across), max(down))


def _buds(values):
    """Half an ellipse from side to side, below on the way there and above on the way back, as one curve."""
    curves = []
    for first in range(0, len(values), 7):
        _rx, tall, _turn, _large, _sweep, wide, _down = values[first : first + 7]
        reach = HALF * tall * (1 if wide > 0 else -1)
        curves += [0, reach, wide, reach, wide, 0]
    return curves


def _placed(letter, values, spot):
    """These numbers where the thing stands: places are moved, distances only grow or shrink."""
    if letter.islower():
        return [value * spot.scale for value in values]
    if letter == "V":
        return [spot.y + value * spot.scale for value in values]
    if letter == "H":
        return [spot.x + value * spot.scale for value in values]
    return [(spot.y if place % 2 else spot.x) + value * spot.scale for place, value in enumerate(values)]


def _points(letter, values, at):
    """The points this stroke touches or leans towards, from where the last one ended."""
    x, y = at if letter.islower() else (0, 0)
    if letter in "hH":
        return [(x + values[0], at[1])]
    if letter in "vV":
        return [(at[0], y + values[0])]
    return [(x + a, y + b) for a, b in zip(values[::2], values[1::2], strict=True)]


def _meet(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
