def start(request, *args, **kwargs):
    raise NotImplementedError


def take_a_break(request, *args, **kwargs):
    raise NotImplementedError


def part(request, *args, **kwargs):
    raise NotImplementedError


def add(request, *args, **kwargs):
    raise NotImplementedError


def later(request, *args, **kwargs):
    raise NotImplementedError
