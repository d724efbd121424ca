"""How gunicorn runs the PDF service: a warm parent that forks a worker for every job.

    python -m gunicorn --config recovery_plans/pdf_service/gunicorn.conf.py

PDF_SERVICE_SOCKET says where it listens, VAR_DIR where it may write.
"""

import os

from recovery_plans.pdf_service import client, hooks

wsgi_app = "recovery_plans.pdf_service.app:app"
bind = f"unix:{client.default_socket().absolute()}"
umask = 0o177  # of the socket and of gunicorn's own files: for this account only
worker_class = "recovery_plans.pdf_service.worker.PdfWorker"
workers = max(2, os.cpu_count() or 1)
preload_app = True  # what is loaded once is there in every worker
max_requests = 1  # nothing of one person's page is left for the next
backlog = 256  # jobs that wait; the next one is answered that the service is busy
# Of the wall clock, since the worker last notified its parent: each document has so long. Wide, because a busy
# machine is no fault of the document; processor time is what is counted (limits.py).
timeout = 90
graceful_timeout = 4
loglevel = "warning"  # no access log: nothing to say of jobs that went well
control_socket_disable = True

on_starting = hooks.on_starting
post_fork = hooks.post_fork
worker_exit = hooks.worker_exit
on_exit = hooks.on_exit
