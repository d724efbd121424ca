"""Gunicorn's sync worker, with a client that may not keep it waiting."""

from gunicorn.workers.sync import SyncWorker

SILENT_SECONDS = 20


class PdfWorker(SyncWorker):
    """Does one job (max_requests = 1). A client that says nothing, or takes nothing, is let go after a while: the sync
    worker alone would wait for it until its own timeout."""

    def handle(self, listener, client, addr):
        client.settimeout(SILENT_SECONDS)
        super().handle(listener, client, addr)
