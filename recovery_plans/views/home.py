def home(request, *args, **kwargs):
    raise NotImplementedError


def start_own_plan(request, *args, **kwargs):
    raise NotImplementedError
