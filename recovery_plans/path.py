"""The path of a plan: the picture of a reading, and the same facts as plain words."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recovery_plans.picture import Post, draw, posts_to_draw


@dataclass(frozen=True)
class Path:
    """A plan drawn as a path, for one reader: the same facts as a picture and as words."""

    reading: object

    @property
    def posts(self):
        """The goals as the picture knows them: a number, a state, and which steps are done."""
        return tuple(
            Post(number=goal.number, state=goal.state, steps=tuple(step.is_done for step in goal.steps))
            for goal in self.reading.goals_on_path
        )

    @property
    def people(self):
        """Who walks on it: the person, those who walk with them, and the people they named."""
        return 1 + len(self.reading.walkers) + len(self.reading.supporters)

    @cached_property
    def description(self):
        """What the picture shows, in a few sentences without anyone's words, for those who hear it."""
        sentences = [_("A path winds from the front of the picture to a sunrise.")]
        sentences += [goal_in_words(goal) for goal in posts_to_draw(self.reading.goals_on_path)]
        return " ".join([*sentences, *self.others_in_words])

    @property
    def others_in_words(self):
        """How many goals there was no room for, who walks along, and how many strengths grow beside the path."""
        sentences = []
        goals = self.reading.goals_on_path
        not_drawn = len(goals) - len(posts_to_draw(goals))
        if not_drawn:
            sentences.append(
                ngettext("And %(n)s more goal, not drawn here.", "And %(n)s more goals, not drawn here.", not_drawn)
                % {"n": not_drawn}
            )
        if self.people > 1:
            sentences.append(
                ngettext("%(n)s person walks on it.", "%(n)s people walk on it.", self.people) % {"n": self.people}
            )
        strengths = len(self.reading.strengths)
        if strengths:
            sentences.append(
                ngettext("I bring %(n)s strength.", "I bring %(n)s strengths.", strengths) % {"n": strengths}
            )
        return sentences

    def draw(self, layout, *, colours="screen", ident=None):
        """The picture as one `<svg>`. Layouts and colours are those of recovery_plans.picture."""
        drawn = draw(
            self.posts,
            strengths=len(self.reading.strengths),
            people=self.people,
            layout=layout,
            colours=colours,
            title=_("%(name)s’s plan, drawn as a path") % {"name": self.reading.person.name},
            description=self.description,
            ident=ident or f"path-{layout}",
        )
        return mark_safe(drawn)  # made of numbers and shapes; the two texts in it are escaped by the drawing itself

    @property
    def banner(self):
        return self.draw("banner")

    @property
    def tall(self):
        return self.draw("tall")

    @property
    def goals(self):
        """Each goal on the path with its state in words, for the list under the picture."""
        return [(goal, goal.state_in_words) for goal in self.reading.goals_on_path]


def goal_in_words(goal):
    """The same with the goal's number and none of the person's words."""
    return _("Goal %(number)s: %(state)s") % {"number": goal.number, "state": goal.state_in_words}
