def share(request, *args, **kwargs):
    raise NotImplementedError


def summary(request, *args, **kwargs):
    raise NotImplementedError


def stop_summary(request, *args, **kwargs):
    raise NotImplementedError


def part(request, *args, **kwargs):
    raise NotImplementedError


def end_walk(request, *args, **kwargs):
    raise NotImplementedError
