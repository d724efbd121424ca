def team(request, *args, **kwargs):
    raise NotImplementedError


def summaries(request, *args, **kwargs):
    raise NotImplementedError


def summary(request, *args, **kwargs):
    raise NotImplementedError


def pdf(request, *args, **kwargs):
    raise NotImplementedError


def new_job(request, *args, **kwargs):
    raise NotImplementedError


def job(request, *args, **kwargs):
    raise NotImplementedError


def job_pdf(request, *args, **kwargs):
    raise NotImplementedError
