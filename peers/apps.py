from django.apps import AppConfig


class PeersConfig(AppConfig):
    """Users, organizations, and who walks with whom. Imports nothing of plans; the navigation (context_processors.py)
    knows the addresses of their pages and which plan is the reader's own."""

    name = "peers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from peers import checks  # noqa: F401  (registers them; Django's check registry is not ready before this)
