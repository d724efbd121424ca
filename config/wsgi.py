"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What is loaded by now stays until the process ends. Without this, each full garbage collection looks through all of it
# and holds up a page for 40 ms.
get_resolver().url_patterns  # noqa: B018 - loads every view
gc.collect()
gc.freeze()
