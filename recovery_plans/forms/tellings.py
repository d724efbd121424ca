"""How something went, in the person's words: told for the first time, and told in other words."""

from django.utils.translation import gettext_lazy as _

from peers.form_fields import WordsField
from recovery_plans.forms.lines import PlanForm, VersionedForm, mark_language


def words_field():
    return WordsField(rows=4, label=_("How it went"), error_messages={"required": _("Write a word or two.")})


class TellingForm(PlanForm):
    """How it went, on a line of the plan."""

    box = "telling-new"
    words = words_field()


class TellingChangeForm(VersionedForm):
    """The same in other words."""

    box = "telling-change"
    words = words_field()

    def __init__(self, *args, language="", **kwargs):
        super().__init__(*args, **kwargs)
        mark_language(self, "words", language=language)
