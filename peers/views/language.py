def choose(request, *args, **kwargs):
    raise NotImplementedError
