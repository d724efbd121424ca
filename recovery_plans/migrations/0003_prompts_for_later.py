"""A prompt that was put aside is called what it is; its rows move with its table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recovery_plans", "0002_goodbyes_in_the_log")]

    operations = [
        migrations.RemoveConstraint(model_name="keptquestion", name="a_question_is_kept_once"),
        migrations.RenameModel(old_name="KeptQuestion", new_name="PromptForLater"),
        migrations.AlterField(
            model_name="promptforlater",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="prompts_for_later",
                to="recovery_plans.plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="promptforlater",
            constraint=models.UniqueConstraint(fields=("plan", "prompt"), name="a_prompt_is_kept_once"),
        ),
    ]
