def healthz(request, *args, **kwargs):
    raise NotImplementedError
