"""What a page says back about the words it was given."""

from django.contrib import messages

from peers.form_fields import WordsField, controls_in, told_of_controls


def say_what_was_taken_out(request, form):
    """Say how many control signs the form took out of what was typed; nothing when it took none."""
    taken_out = sum(
        controls_in(form.data.get(form.add_prefix(name)))
        for name, field in form.fields.items()
        if isinstance(field, WordsField)
    )
    if taken_out:
        messages.info(request, told_of_controls(taken_out))
