from django.apps import AppConfig


class RecoveryPlansConfig(AppConfig):
    """What a person and a peer specialist make together, and who may see it."""

    name = "recovery_plans"
    default_auto_field = "django.db.models.BigAutoField"
