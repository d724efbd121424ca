def looks(request, *args, **kwargs):
    raise NotImplementedError
