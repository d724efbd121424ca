def settings(request, *args, **kwargs):
    raise NotImplementedError


def passphrase(request, *args, **kwargs):
    raise NotImplementedError


def second_lock(request, *args, **kwargs):
    raise NotImplementedError
