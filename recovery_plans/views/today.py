def today(request, *args, **kwargs):
    raise NotImplementedError


def new_person(request, *args, **kwargs):
    raise NotImplementedError
