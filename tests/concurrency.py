"""Work in threads of its own, each with a connection to the database that is closed behind it."""

import contextlib
import threading

from django.db import connections


def at_the_same_time(work):
    """Begin it in a thread. Once it is over, `.answer` is what came back, and `.mistake` what went wrong."""

    def run():
        try:
            thread.answer = work()
        except Exception as mistake:
            thread.mistake = mistake
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.answer = thread.mistake = None
    thread.start()
    return thread


def all_at_once(work, *, times):
    """Do it so many times in one moment; what came back. The first mistake of any is raised."""
    start = threading.Barrier(times)

    def begin():
        start.wait()
        return work()

    threads = [at_the_same_time(begin) for _ in range(times)]
    for thread in threads:
        thread.join(60)
    for thread in threads:
        if thread.mistake:
            raise thread.mistake
        assert not thread.is_alive(), "it did not end"
    return [thread.answer for thread in threads]


@contextlib.contextmanager
def beside(work):
    """As long as the block lasts, do this beside it: `work` is called with the event that is set when it is over."""
    over = threading.Event()
    thread = threading.Thread(target=work, args=[over])
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
