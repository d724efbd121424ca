def about_me(request, *args, **kwargs):
    raise NotImplementedError


def part(request, *args, **kwargs):
    raise NotImplementedError


def add(request, *args, **kwargs):
    raise NotImplementedError


def change(request, *args, **kwargs):
    raise NotImplementedError


def remove(request, *args, **kwargs):
    raise NotImplementedError


def restore(request, *args, **kwargs):
    raise NotImplementedError
