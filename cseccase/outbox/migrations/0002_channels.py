from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0001_messages_and_alarms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='message',
            name='outbox_next',
        ),
        migrations.AddField(
            model_name='message',
            name='channel',
            field=models.CharField(choices=[('email', 'e-mail'), ('text', 'text message'), ('push', 'notice on a device')], default='email', max_length=8),
        ),
        migrations.AddField(
            model_name='message',
            name='target',
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name='message',
            name='key',
            field=models.CharField(max_length=200, unique=True),
        ),
        migrations.AlterField(
            model_name='message',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('leased', 'being sent'), ('sent', 'sent'), ('uncertain', 'perhaps sent'), ('failed', 'failed'), ('ended', 'no longer wanted')], default='waiting', max_length=12),
        ),
        migrations.AlterField(
            model_name='message',
            name='template',
            field=models.CharField(choices=[('duty', 'a duty needs you'), ('meeting', 'a meeting needs your answer'), ('account', 'your account'), ('alarm', 'an alarm of the product'), ('code', 'a code that confirms a mobile number')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state__in', ['sent', 'failed', 'ended']), _negated=True), fields=['next_try_at'], name='outbox_next'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'email'), ('target__isnull', True)), models.Q(('channel__in', ['text', 'push']), ('recipient__isnull', False), ('target__isnull', False)), _connector='OR'), name='message_target_beside_email'),
        ),
    ]
