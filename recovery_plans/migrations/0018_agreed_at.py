from django.db import migrations, models


def note_agreements(apps, schema_editor):
    """When the person of each plan last said yes to it."""
    Agreement = apps.get_model("recovery_plans", "Agreement")
    yeses = Agreement.unguarded.filter(plan=models.OuterRef("pk")).exclude(how="not_asked").order_by("-at")
    apps.get_model("recovery_plans", "Plan").unguarded.update(agreed_at=models.Subquery(yeses.values("at")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('recovery_plans', '0017_review'),
    ]

    operations = [
        migrations.RunPython(note_agreements, migrations.RunPython.noop),
    ]
