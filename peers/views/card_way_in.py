def by_words(request, *args, **kwargs):
    raise NotImplementedError


def by_link(request, *args, **kwargs):
    raise NotImplementedError


def before(request, *args, **kwargs):
    raise NotImplementedError
