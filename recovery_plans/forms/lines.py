"""What the forms of entries, goals and steps have in common."""

import uuid

from django import forms

from peers.forms import PageForm

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


class PlanForm(PageForm):
    """What every form of a plan has: a save id, so that two taps are one save."""

    save_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["save_id"].initial = uuid.uuid4

    def clean_save_id(self):
        return self.cleaned_data["save_id"] or uuid.uuid4()


class VersionedForm(PlanForm):
    """A form that changes a line: it carries the version the words were read at."""

    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)


def mark_language(form, *names, language):
    """Say in which language the words in these boxes are, so that they are read aloud in it."""
    for name in names:
        if language and name in form.fields:
            form.fields[name].widget.attrs["lang"] = language
