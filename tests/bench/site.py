"""A place to measure in: the app with its real settings on a database of its own, visited in process."""

import io
import os
import secrets
from http.cookies import SimpleCookie
from urllib.parse import urlencode

QUESTIONS = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}


def load_site():
    """Load the app as it runs for real, on the database that DATABASE_URL names, with its tables made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ROOT_URLCONF = "tests.bench.urls"
    call_command("migrate", verbosity=0)
    _make_a_floor()


def _make_a_floor():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("create table if not exists bench_floor (number integer primary key, words text)")


class Visitor:
    """Someone who visits pages of the app as a server would let them, through the whole of it and without a network."""

    def __init__(self, user=None):
        from config.wsgi import application

        self._app = application
        self.cookies = {"csrftoken": secrets.token_hex(16)}
        if user is not None:
            self._sign_in(user)

    def _sign_in(self, user):
        from django.test import Client

        client = Client()
        client.force_login(user, backend="peers.auth_backends.Passphrase")
        self.cookies["alongside"] = client.cookies["alongside"].value

    def get(self, path, *, expect=200):
        return self._ask("GET", path, b"", expect)

    def post(self, path, *, expect=302, **data):
        return self._ask("POST", path, urlencode(data).encode(), expect)

    def _ask(self, method, path, body, expect):
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_LANGUAGE": "en",
            "HTTP_COOKIE": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "HTTP_X_CSRFTOKEN": self.cookies["csrftoken"],
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        status = []
        answer = self._app(environ, lambda line, headers: status.append((line, headers)))
        page = b"".join(answer)
        answer.close()
        line, headers = status[0]
        if not line.startswith(str(expect)):
            raise AssertionError(f"{method} {path} answered {line}")
        for name, value in headers:
            if name == "Set-Cookie":
                for cookie in SimpleCookie(value).values():
                    self.cookies[cookie.key] = cookie.value
        return page


def queries_of(do):
    """Every question one visit asks of the database. What only opens and closes a transaction, and the one word that
    tells the database who acts, are not questions."""
    from django.db import connection

    asked = []

    def listen(execute, sql, params, many, context):
        if sql.split(None, 1)[0].upper() in QUESTIONS and "set_config" not in sql:
            asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        do()
    return asked
