"""What only the templates for paper need."""

from django import template

register = template.Library()


@register.filter(is_safe=True)
def trimmed(text):
    """Without the spaces and line ends around it; for a whole element: `{% filter trimmed %}`.

    WeasyPrint keeps a space before the end of a block, and gives it a font and a line height.
    """
    return text.strip(" \n")
