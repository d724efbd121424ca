"""A conversation over one part of a plan: which question is asked now, which comes next, and what can be tapped."""

from dataclasses import dataclass
from functools import cached_property

from recovery_plans.models import Entry, PromptForLater
from recovery_plans.models.profile import as_tapped
from recovery_plans.prompts import LANGUAGES, bank, next_prompt, other_language
from recovery_plans.sections import PRIVATE_SECTIONS, EntryKind, Section, row_of

# The sets of chips a part can have, and what kind of entry a chip from each of them makes.
CHIP_SETS = {"chips": EntryKind.PLAIN, "lifts": EntryKind.LIFTS, "drains": EntryKind.DRAINS}
IN_SIGHT = 10  # chips in sight; the others are one tap away


@dataclass(frozen=True)
class Asked:
    """One question as both people see it: in the page's language, and under it in the other one."""

    id: str
    text: str
    heads_up: str
    second: str
    second_language: str


class Conversation:
    """What two people talk about in one part: never a rule, always an offer."""

    def __init__(self, reading, section, *, language, wanted=""):
        """`wanted` is the question that was asked for; one of another part, or none at all, is not asked."""
        self.reading, self.section, self.language, self.wanted = reading, Section(section), language, wanted
        self.words = bank(language).section(self.section)

    @cached_property
    def _so_far(self):
        used = {entry.prompt for entry in self.reading.entries(self.section) if entry.prompt}
        return {"used": used, "later": self.reading.prompts_for_later, "language": self.language}

    @cached_property
    def asked(self):
        """The question on the screen: the wanted one, else what the bank would ask now."""
        known = {prompt.id: prompt for prompt in self.words.prompts}
        prompt = known.get(self.wanted) or next_prompt(self.section, **self._so_far)
        second = other_language(self.language)
        return Asked(
            id=prompt.id,
            text=prompt.text,
            # A private part says it over each of their questions, the other parts over a gentle one.
            heads_up=self.words.heads_up if row_of(self.section).is_private else prompt.heads_up,
            second=bank(second).prompt(prompt.id).text,
            second_language=second,
        )

    @cached_property
    def another(self):
        """The code of the question after this one; going on and on shows each once and comes round again."""
        return next_prompt(self.section, after=self.asked.id, **self._so_far).id

    @property
    def tip(self):
        """A tip for the one who listens, which both can read; another one with each question and each answer."""
        tips = bank(self.language).tips
        index = [prompt.id for prompt in self.words.prompts].index(self.asked.id)
        answers = sum(len(section.entries) for section in self.reading.sections)
        return tips[(index + answers) % len(tips)]

    def chip_sets(self, *, tapped=None, peer=""):
        """The chips that are not on the list yet. `tapped` holds, by the name of a set, what was tapped and not saved.

        Among supporters there are none; but while nobody is there, `peer`, who sits beside the person, can be first.
        """
        tapped = tapped or {}
        known = {as_tapped(entry.words) for entry in self.reading.entries(self.section)}
        if row_of(self.section).lists_people:
            first = [Chip(peer, peer in tapped.get("chips", []))] if peer and not known else []
            return [ChipSet("chips", EntryKind.PLAIN, first)] if first else []
        chip_sets = []
        for name, kind in CHIP_SETS.items():
            words, chosen = chips_in(self.section, name, language=self.language), tapped.get(name, [])
            # A word tapped before the page changed its language does not get lost on the way.
            in_any_language = languages_of_chips(self.section, name, language=self.language)
            offered = [*words, *(word for word in chosen if word in in_any_language and word not in words)]
            chips = [Chip(word, word in chosen) for word in offered if as_tapped(word) not in known]
            chip_sets += [ChipSet(name, kind, chips)] if chips else []
        return chip_sets


def question_in(section, prompt, *, language):
    """The code of this question if the section asks it, else empty: what a browser sent is not believed."""
    return prompt if any(known.id == prompt for known in bank(language).section(section).prompts) else ""


def question_after(plan, section, prompt, *, language):
    """The code of the question that follows this one. To be asked before an answer or a "Later" is kept.

    On from here to the fresh ones, round to the start, then to those put aside; only then to answered ones again.
    """
    answered = Entry.unguarded.filter(plan=plan, section=section, removed_at=None).exclude(prompt="")
    kept = PromptForLater.unguarded.filter(plan=plan, section=section).order_by("kept_at")
    used, later = set(answered.values_list("prompt", flat=True)), list(kept.values_list("prompt", flat=True))
    codes = [known.id for known in bank(language).section(section).prompts]
    index = codes.index(prompt) if prompt in codes else None
    ahead = [] if index is None else codes[index + 1 :] + codes[:index]
    fresh = [code for code in ahead if code not in used and code not in later]
    aside = [code for code in later if code in ahead and code not in used]
    if fresh or aside:
        return (fresh or aside)[0]
    return next_prompt(section, used=used, later=later, after=prompt or None, language=language).id


def where_we_left_off(plan, *, reach):
    """The part of the newest words this reader may see. A new plan begins with where the person is heading.

    Nobody sits down to their story or their hard days because they were the last thing spoken of.
    """
    hopeful = [section for section in reach.sees if section not in PRIVATE_SECTIONS]
    newest = plan.entries.filter(removed_at=None, section__in=hopeful).order_by("-created_at", "-code")
    return Section(newest.values_list("section", flat=True).first() or Section.VISION)


# --- chips ---


@dataclass(frozen=True)
class Chip:
    """One word to tap, and whether it was tapped on a page that is shown again."""

    words: str
    tapped: bool


@dataclass(frozen=True)
class ChipSet:
    """A set of words to tap, all of one kind: a handful in sight, the others one tap away."""

    name: str
    kind: str
    chips: list

    @property
    def in_sight(self):
        return self.chips[:IN_SIGHT]

    @property
    def more(self):
        return self.chips[IN_SIGHT:]

    @property
    def more_tapped(self):
        return any(chip.tapped for chip in self.more)


def chips_in(section, name, *, language):
    """The words on the chips of one set of one part in one language; most parts have only the plain set, or none."""
    words = bank(language).section(section)
    return {"chips": words.chips, "lifts": words.chips_lifts, "drains": words.chips_drains}[name]


def languages_of_chips(section, name, *, language):
    """Each word that can be tapped in this set, in any language of the bank, and the language it is in."""
    found = {}
    for code in [*LANGUAGES, bank(language).language]:  # the page's own last: a word both have is in that one
        found.update(dict.fromkeys(chips_in(section, name, language=code), code))
    return found
