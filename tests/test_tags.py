"""Our quicker tags say exactly what Django's own say, in every language."""

import pytest
from django.template import Context, Template
from django.templatetags.static import static
from django.utils import translation

# Each is said by Django's tags and by ours; `safe` stands in some because ours must keep it as Django does.
SENTENCES = [
    '{% translate "My plan" %}',
    '{% translate "Main" context "navigation" %}',
    '{% translate "My plan" as said %}[{{ said }}]',
    "{% translate told %}",
    "{% blocktranslate trimmed with name=person %}\n {{ name }}’s plan\n{% endblocktranslate %}",
    "{% blocktranslate trimmed count count=one %}{{ count }} step{% plural %}{{ count }} steps{% endblocktranslate %}",
    "{% blocktranslate trimmed count count=many %}{{ count }} step{% plural %}{{ count }} steps{% endblocktranslate %}",
    "{% blocktranslate %}{{ person }}, 100 % of {{ nobody }}{% endblocktranslate %}",
    "{% blocktranslate asvar said %}{{ person }}{% endblocktranslate %}[{{ said }}]",
    "{{ person|linebreaksbr }}{{ words|linebreaksbr }}{{ many|linebreaksbr }}{{ safe|safe|linebreaksbr }}",
    "{{ person|linebreaksbr|safe }}{{ person|linebreaksbr|upper }}{{ person|linebreaksbr|force_escape }}",
    "{% autoescape off %}{{ person|linebreaksbr }}{{ words|linebreaksbr }}{% endautoescape %}",
    "{% static 'css/app.css' %}{% static 'css/app.css' as file %}[{{ file }}]{% static path %}",
    "{% url 'today' %}{% url 'part' plan=plan section='strengths' %}{% url 'today' as there %}[{{ there }}]",
]
KNOWN = {
    "told": "My plan",
    "person": "Maya <b>& Bea</b>",
    "words": "Slow\nmornings\r\n& <tea>\rnow",
    "safe": "<i>one</i>",
    "one": 1,
    "many": 12_345,
    "path": "js/page.js",
    "plan": "8d4a3b9e-6f0e-4c51-9a44-0d3a5b1c2d3e",
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_quicker_tag_says_what_djangos_says(sentence, language):
    ours = Template("{% load i18n static alongside %}" + sentence)
    djangos = Template("{% load i18n static %}" + sentence)
    with translation.override(language):
        said = djangos.render(Context(KNOWN))
        assert [ours.render(Context(KNOWN)) for _ in range(2)] == [said, said]


def test_what_was_said_in_one_language_is_not_said_in_another():
    ours = Template(
        "{% load i18n alongside %}{% translate 'My plan' %}{% blocktranslate %}My plan{% endblocktranslate %}"
    )
    said = []
    for language in ("en", "es", "en"):
        with translation.override(language):
            said.append(ours.render(Context()))
    assert said[0] == said[2] == "My plan" * 2
    assert said[1] != said[0]


def test_an_icon_is_drawn_whether_its_name_is_known_early_or_late():
    early = Template("{% load alongside %}{% icon 'sprout' %}").render(Context())
    late = Template("{% load alongside %}{% icon name %}").render(Context({"name": "sprout"}))
    assert early == late
    assert early.startswith("<svg")
    with pytest.raises(LookupError):
        Template("{% load alongside %}{% icon name %}").render(Context({"name": "../../secret"}))


def test_a_files_address_is_that_of_the_storage():
    assert Template("{% load static alongside %}{% static 'css/app.css' %}").render(Context()) == static("css/app.css")
