"""The app's addresses, and one for each problem page, so that a browser can look at them."""

from django.urls import path

from config.urls import handler400, handler403, handler404, handler500, urlpatterns
from peers.views import problems

PROBLEMS = {
    400: problems.bad_request,
    403: problems.forbidden,
    404: problems.not_found,
    413: problems.too_big,
    429: lambda request: problems.too_many(request, minutes=5),
    500: problems.server_error,
}


def problem(request, status):
    return PROBLEMS[status](request)


urlpatterns = [*urlpatterns, path("problem/<int:status>/", problem)]

__all__ = ["PROBLEMS", "handler400", "handler403", "handler404", "handler500", "urlpatterns"]
