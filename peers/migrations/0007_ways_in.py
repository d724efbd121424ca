from datetime import timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F
from django.utils import timezone

TICKET_LASTS = timedelta(days=14)


def say_what_each_card_is(apps, schema_editor):
    """Cards of before, which opened again and again: made by the person they are own words, else first cards.

    Those open once more, within fourteen days, and give own words.
    """
    cards = apps.get_model("peers", "PlanCard").objects
    own = cards.filter(created_by=F("person__user"))
    own.update(kind="own", opened_at=F("created_at"))
    cards.exclude(kind="own").update(kind="first", expires_at=timezone.now() + TICKET_LASTS)


def user(**kwargs):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **kwargs
    )


class Migration(migrations.Migration):
    """Each way in by words says what it is: a first card, own words, or a new card."""

    dependencies = [("peers", "0006_plain_names")]

    operations = [
        migrations.RemoveConstraint(model_name="plancard", name="one_live_card_a_person"),
        migrations.AddField(
            model_name="plancard",
            name="kind",
            field=models.CharField(
                choices=[("first", "First card"), ("own", "Own words"), ("new", "New card")],
                default="",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField("plancard", "opened_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("plancard", "expires_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("plancard", "opens_all_from", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("plancard", "said_right_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("plancard", "turned_off_by", user(blank=True, null=True)),
        migrations.AddField(
            "plancard",
            "given_through",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gave",
                to="peers.plancard",
            ),
        ),
        migrations.RunPython(say_what_each_card_is, migrations.RunPython.noop),
        migrations.AddConstraint(
            "plancard",
            models.UniqueConstraint(
                condition=models.Q(("kind__in", ("first", "new")), ("opened_at", None), ("turned_off_at", None)),
                fields=("person",),
                name="one_unopened_card_a_person",
            ),
        ),
        migrations.AddConstraint(
            "plancard",
            models.CheckConstraint(condition=models.Q(("kind__in", ["first", "own", "new"])), name="card_kind_is_known"),
        ),
        migrations.AddConstraint(
            "plancard",
            models.CheckConstraint(
                condition=models.Q(("kind", "own"), ("expires_at__isnull", False), _connector="OR"),
                name="card_of_another_hand_expires",
            ),
        ),
        migrations.AddIndex(
            "plancard", models.Index(fields=["person", "turned_off_at"], name="cards_of_a_person")
        ),
    ]
