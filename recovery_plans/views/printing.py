def choose(request, *args, **kwargs):
    raise NotImplementedError


def pdf(request, *args, **kwargs):
    raise NotImplementedError
