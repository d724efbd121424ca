"""The message about control characters that a form took out of what was typed."""

from django.contrib import messages

from peers.form_fields import WordsField, count_controls, removed_message


def report_removed_characters(request, form):
    """Add a message that says how many control characters the form took out; none where it took out none."""
    count = sum(
        count_controls(form.data.get(form.add_prefix(name)))
        for name, field in form.fields.items()
        if isinstance(field, WordsField)
    )
    if count:
        messages.info(request, removed_message(count))
