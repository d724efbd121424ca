"""Every address of the app, and what came of asking for one."""

from django.urls import URLPattern, get_resolver, reverse


def every_address(resolver=None):
    """Every named address of the app, with the names in it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from every_address(pattern)


def wanted_names(name):
    """The names in an address, the plan's own included (it stands in the prefix)."""
    return set(get_resolver().reverse_dict.getlist(name)[0][0][0][1])


def what_happened(response):
    if response.status_code == 404:
        return "not there"
    if response.status_code in (301, 302, 303) and response.headers["Location"].startswith(reverse("sign-in") + "?"):
        return "asked who is there"
    if response.status_code == 403 and b'id="signed-out"' in response.content:
        return "asked who is there"
    kind_refusal = response.status_code == 503  # no PDF service is told kindly, to those who are let in
    assert response.status_code < 500 or kind_refusal, response.status_code
    return "let in"


def without_tokens(response):
    lines = response.content.decode().splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line and 'name="next"' not in line]
