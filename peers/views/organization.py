def home(request, *args, **kwargs):
    raise NotImplementedError


def edit(request, *args, **kwargs):
    raise NotImplementedError


def invite(request, *args, **kwargs):
    raise NotImplementedError


def end_role(request, *args, **kwargs):
    raise NotImplementedError
