"""Every address, and the door it is entered through. Read it as the table of who may enter."""

from django.urls import include, path

urlpatterns = [
    path("", include("peers.urls")),
    path("", include("recovery_plans.urls")),
]

handler400 = "peers.views.problems.bad_request"
handler403 = "peers.views.problems.forbidden"
handler404 = "peers.views.problems.not_found"
handler500 = "peers.views.problems.server_error"
