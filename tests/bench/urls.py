"""The app's addresses, and the floor that they are compared with: as little as an address can do."""

from itertools import count

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

from config.urls import *  # noqa: F403
from config.urls import urlpatterns as of_the_app
from peers.doors import public

_numbers = count(1)


def bare(request):
    return HttpResponse("well")


def one_row(request):
    """One row, kept for good."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("insert into bench_floor values (%s, %s)", [next(_numbers), "A line as long as a line is."])
    return HttpResponse("kept")


urlpatterns = [
    path("bench/bare/", public(bare, because="the floor of the pages")),
    path("bench/one-row/", public(one_row, because="the floor of saving")),
    *of_the_app,
]
