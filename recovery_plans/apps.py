from django.apps import AppConfig


class RecoveryPlansConfig(AppConfig):
    """What a person and a peer specialist make together, and who may see it."""

    name = "recovery_plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from recovery_plans import receivers  # noqa: F401  (connects them; models are not loaded before this)
