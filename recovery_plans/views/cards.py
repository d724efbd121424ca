def card(request, *args, **kwargs):
    raise NotImplementedError


def new(request, *args, **kwargs):
    raise NotImplementedError


def off(request, *args, **kwargs):
    raise NotImplementedError
