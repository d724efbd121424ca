def leave(request, *args, **kwargs):
    raise NotImplementedError
