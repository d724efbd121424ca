def sign_in(request, *args, **kwargs):
    raise NotImplementedError


def code(request, *args, **kwargs):
    raise NotImplementedError


def join(request, *args, **kwargs):
    raise NotImplementedError
