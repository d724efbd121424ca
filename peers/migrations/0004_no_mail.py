from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('peers', '0003_sessions'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='user',
            name='email',
        ),
    ]
