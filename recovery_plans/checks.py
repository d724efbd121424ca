"""System checks: a section that is not written down everywhere is told when the app starts, not on someone's page."""

from django.core.checks import Error, register

from recovery_plans.prompts import LANGUAGES, bank
from recovery_plans.sections import SECTIONS, Section


@register()
def sections_are_complete(app_configs, **kwargs):
    """Each section has a row in sections.py and its words in every language of the conversation bank."""
    rows = {row.section for row in SECTIONS}
    without_row = [
        Error(f"The section {section.value!r} has no row in recovery_plans/sections.py.", id="recovery_plans.E001")
        for section in Section
        if section not in rows
    ]
    without_words = [
        Error(
            f"The section {section.value!r} is not in recovery_plans/prompts/{language}.yaml.",
            id="recovery_plans.E002",
        )
        for section in Section
        for language in LANGUAGES
        if section.value not in {words.key for words in bank(language).sections}
    ]
    return without_row + without_words
