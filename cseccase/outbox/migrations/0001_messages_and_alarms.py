import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from cseccase.tables import MadeTogether


class Migration(MadeTogether):
    replaces = [('outbox', '0001_initial'), ('outbox', '0002_alarms')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('alarm', models.CharField(blank=True, max_length=40)),
                ('template', models.CharField(choices=[('duty', 'a duty needs you'), ('meeting', 'a meeting needs your answer'), ('account', 'your account'), ('alarm', 'an alarm of the product')], max_length=20)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('leased', 'being sent'), ('sent', 'sent'), ('uncertain', 'perhaps sent'), ('failed', 'failed')], default='waiting', max_length=12)),
                ('created_at', models.DateTimeField()),
                ('next_try_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, max_length=80)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['sent', 'failed']), _negated=True), fields=['next_try_at'], name='outbox_next'), models.Index(condition=models.Q(models.Q(('state', 'sent'), _negated=True), models.Q(('problem', ''), _negated=True)), fields=['-created_at'], name='outbox_failing')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='message_sent_has_a_moment'), models.CheckConstraint(condition=models.Q(models.Q(('address', ''), ('alarm', ''), ('recipient__isnull', False)), models.Q(('recipient__isnull', True), ('template', 'alarm'), models.Q(('address', ''), _negated=True), models.Q(('alarm', ''), _negated=True)), _connector='OR'), name='message_has_one_recipient')],
            },
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('name',), name='alarm_once_while_it_lasts')],
            },
        ),
    ]
