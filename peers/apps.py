from django.apps import AppConfig


class PeersConfig(AppConfig):
    """Who is here and who walks with whom. Imports nothing of plans; of them, only the way around (context.py) knows
    the addresses, and which of them is the reader's own."""

    name = "peers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from peers import checks  # noqa: F401  (registers them; Django's check registry is not ready before this)
