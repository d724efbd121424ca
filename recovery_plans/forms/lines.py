"""What the forms of entries, goals and steps have in common."""

import uuid

from django import forms

from peers.forms import PageForm

NOT_HELD = ("save_id", "prompt", "listed_as")  # another page has others

# The languages people here are most likely to speak, each in its own words. The plan's own comes first on the page.
LANGUAGES_SPOKEN = [
    ("en", "English"),
    ("es", "Español"),
    ("pt", "Português"),
    ("ht", "Kreyòl ayisyen"),
    ("vi", "Tiếng Việt"),
    ("zh-Hant", "中文"),
    ("ar", "العربية"),
    ("km", "ខ្មែរ"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("so", "Soomaali"),
]


# Every form whose words are held as a draft, by the name of the address it goes to.
BOXES = {}

MAX_VERSION = 2_000_000_000  # what the column of a version holds, on both databases


class PlanForm(PageForm):
    """What every form of a plan has: a save id, so that two taps are one save.

    What is typed in a form that names its `box` is held as a draft (`recovery_plans/drafts.py`); naming it is all that
    a new form needs. `draft` is what was begun in it before, `also_begun` any other texts.
    """

    save_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    holds_drafts = True
    part = ""  # the part its words go to, where its address does not say so
    draft, draft_address, also_begun = None, "", ()
    several = ()  # the names of fields that take several values

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.box and "box" in vars(cls) and cls.holds_drafts:
            BOXES[cls.box] = cls

    @classmethod
    def field_of(cls, name):
        """The field of this name whose value a draft holds; None for a name that no draft holds."""
        return None if name in NOT_HELD else cls.base_fields.get(name)

    @classmethod
    def takes_several(cls, name):
        """Whether the field of this name takes several values."""
        return name in cls.several

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["save_id"].initial = uuid.uuid4

    def clean_save_id(self):
        return self.cleaned_data["save_id"] or uuid.uuid4()


class VersionedForm(PlanForm):
    """A form that changes a line: it carries the version the words were read at."""

    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MAX_VERSION)


def mark_language(form, *names, language):
    """Say in which language the words in these boxes are, so that they are read aloud in it."""
    for name in names:
        if language and name in form.fields:
            form.fields[name].widget.attrs["lang"] = language
