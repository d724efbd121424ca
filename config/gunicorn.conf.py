"""How gunicorn runs the web server, for ./run and for real.

    python -m gunicorn --config config/gunicorn.conf.py --bind …

No access log: the address of a plan card holds a key, and keys are not written down.
"""

wsgi_app = "config.wsgi:application"
worker_class = "gthread"
workers = 2
threads = 8
timeout = 60
graceful_timeout = 4
umask = 0o117  # of a unix socket: for this account and its group, in which is the proxy alone
# No header may say which part of the address is ours: whoever sent SCRIPT_NAME through the proxy changed every link.
forwarder_headers = ""
control_socket_disable = True
# What a stranger can set off at will, and what carries an address, is not written down (peers/log_formatting.py).
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"quiet": {"()": "peers.log_formatting.QuietServer"}},
    "formatters": {"line": {"()": "peers.log_formatting.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["quiet"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "gunicorn.http": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
