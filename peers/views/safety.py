def about(request, *args, **kwargs):
    raise NotImplementedError


def safe(request, *args, **kwargs):
    raise NotImplementedError


def help_now(request, *args, **kwargs):
    raise NotImplementedError


def components(request, *args, **kwargs):
    raise NotImplementedError
