from django.apps import AppConfig


class RecoveryPlansConfig(AppConfig):
    """What a person and a peer specialist make together, and who may see it."""

    name = "recovery_plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Registers the checks and connects the receivers; models are not loaded before this.
        from recovery_plans import checks, receivers  # noqa: F401
