from django.apps import AppConfig


class PeersConfig(AppConfig):
    """Who is here and who walks with whom. Knows nothing of plans."""

    name = "peers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from peers import checks  # noqa: F401  (registers the start-up checks)
