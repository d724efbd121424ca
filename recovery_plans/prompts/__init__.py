"""The conversation bank: the questions two people talk over, and the words the app says around them.

One YAML file a language, the same shape and ids in each. `bank("es").section("vision").title` is a plain string;
nothing here is lazy, changes, or knows of a plan. The rule of which question comes next is in `order`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from recovery_plans.prompts.order import following, offering

FOLDER = Path(__file__).parent
FALLBACK = "en"
LANGUAGES = tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))

# A string for each name (a goal's state, an error's code); read like a dict, and it cannot be written to.
Named = Mapping[str, str]


@dataclass(frozen=True)
class Prompt:
    """One open question. A gentle one may bring up hard things: its heads-up is read before it."""

    id: str
    text: str
    gentle: bool = False
    heads_up: str = ""


@dataclass(frozen=True)
class SectionWords:
    """What the app says about one section. `chips` are words to tap; a values section has two kinds instead."""

    key: str
    title: str
    intro: str
    empty: str
    prompts: tuple[Prompt, ...]
    heads_up: str = ""
    chips: tuple[str, ...] = ()
    chips_lifts: tuple[str, ...] = ()
    chips_drains: tuple[str, ...] = ()


@dataclass(frozen=True)
class RulerTexts:
    """An optional question from 0 to 10. `follow` is said after an answer ({n} is what was picked), `zero` after 0."""

    question: str
    low: str
    high: str
    follow: str
    zero: str


@dataclass(frozen=True)
class Rulers:
    """The two rulers of a goal, and the line that says nobody keeps score."""

    hint: str
    matters: RulerTexts
    sure: RulerTexts


@dataclass(frozen=True)
class GoalWords:
    """`states` say how a goal is; `choices` are the buttons that change it, `choice_hints` a line under each."""

    add_heading: str
    add_hint: str
    words_hint: str
    starters: tuple[str, ...]
    why_label: str
    why_hint: str
    when_label: str
    when_options: tuple[str, ...]
    when_hint: str
    uses_strength: str
    states: Named
    state_heading: str
    choices: Named
    choice_hints: Named
    rest_text: str
    let_go_text: str

    @property
    def not_mine(self) -> str:
        return self.states["not_mine"]


@dataclass(frozen=True)
class StepWords:
    """What the app says about steps."""

    heading: str
    empty: str
    add_label: str
    add_hint: str
    add_button: str
    who_label: str
    who_options: tuple[str, ...]
    helpers: tuple[str, ...]
    done_button: str
    undo: str
    not_for_me: str
    states: Named
    cannot_yet_text: str


@dataclass(frozen=True)
class IdeaWords:
    """What is said when someone else offers a change. {name} offers it, {person} decides."""

    heading: str
    now: str
    idea: str
    use: str
    keep: str
    mix: str
    later: str
    note: str
    kept_to_author: str


@dataclass(frozen=True)
class Swap:
    """Words that hurt, and what to say in their place. Offered on what staff type, never on a person's own words."""

    avoid: tuple[str, ...]
    use: str
    sense: str = ""


@dataclass(frozen=True)
class Bank:
    """All words of one language. An unknown section, question or error code is a KeyError, not an empty page."""

    language: str
    sections: tuple[SectionWords, ...]
    tips: tuple[str, ...]
    rulers: Rulers
    goals: GoalWords
    steps: StepWords
    ideas: IdeaWords
    celebrations: Mapping[str, tuple[str, ...]]
    errors: Named
    words: tuple[Swap, ...]

    def section(self, key: str) -> SectionWords:
        return _by_key(self.language)[key]

    def prompt(self, id: str) -> Prompt:
        return _by_id(self.language)[id]


def bank(language: str | None) -> Bank:
    """The bank in the language someone reads ("es", "es-MX"); English where there is no file for it."""
    short = (language or FALLBACK).replace("_", "-").split("-")[0].lower()
    return _read(short if short in LANGUAGES else FALLBACK)


def other_language(language: str | None) -> str:
    """The language for the line under the question, when the two people read different ones."""
    return "en" if bank(language).language == "es" else "es"


def next_prompt(
    section: str,
    *,
    used: Collection[str] = (),
    later: Sequence[str] = (),
    after: str | None = None,
    language: str | None,
) -> Prompt | None:
    """The question to show now, or None in a section without any. `after` is the one on the screen ("Another").

    With the same `used` and `later`, going on from each answer shows every question once and comes round again.
    Ask for the next one *before* the one on the screen is marked used or kept: it then goes on from where it stood.
    A gentle question brings its section's `heads_up` along, to be read first.
    """
    return following(offering(bank(language).section(section).prompts, used=used, later=later), after)


@cache
def _read(language: str) -> Bank:
    raw = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    # A name that is missing or misspelt in a file stops the app here, at its start, and not on someone's page.
    return Bank(
        language=raw.pop("language"),
        sections=tuple(_section(**words) for words in raw.pop("sections")),
        tips=tuple(tip["text"] for tip in raw.pop("tips")),
        rulers=_rulers(**raw.pop("rulers")),
        goals=GoalWords(**_still(raw.pop("goals"))),
        steps=StepWords(**_still(raw.pop("steps"))),
        ideas=IdeaWords(**raw.pop("ideas")),
        celebrations=_still(raw.pop("celebrations")),
        errors=MappingProxyType(raw.pop("errors")),
        words=tuple(Swap(**_still(swap)) for swap in raw.pop("words")),
        **raw,
    )


def _section(*, prompts, heads_up="", **words):
    asked = tuple(Prompt(**prompt, heads_up=heads_up if prompt.get("gentle") else "") for prompt in prompts)
    return SectionWords(prompts=asked, heads_up=heads_up, **_still(words))


def _rulers(*, hint, **rulers):
    return Rulers(hint=hint, **{name: RulerTexts(**words) for name, words in rulers.items()})


def _still(value):
    """What YAML read, made unchangeable: one bank serves every request."""
    if isinstance(value, dict):
        return MappingProxyType({name: _still(inner) for name, inner in value.items()})
    return tuple(_still(inner) for inner in value) if isinstance(value, list) else value


@cache
def _by_key(language: str) -> Mapping[str, SectionWords]:
    return MappingProxyType({section.key: section for section in _read(language).sections})


@cache
def _by_id(language: str) -> Mapping[str, Prompt]:
    return MappingProxyType({prompt.id: prompt for section in _read(language).sections for prompt in section.prompts})
