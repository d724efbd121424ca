def plan(request, *args, **kwargs):
    raise NotImplementedError


def back(request, *args, **kwargs):
    raise NotImplementedError
