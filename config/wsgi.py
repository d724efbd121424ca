"""The door that a WSGI server (gunicorn) knocks on."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What is loaded by now stays until the end. Looking through all of it for what may go held up the pages of this process
# for 40 ms each time.
get_resolver().url_patterns  # noqa: B018 - loads every view
gc.collect()
gc.freeze()
