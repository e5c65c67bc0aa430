import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from cseccase.encryption.fields import EncryptedTextField


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0003_notice_about'),
        ('referrals', '0004_papers_moved'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalAccessRequest',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('history_user_id', models.UUIDField(editable=False, null=True)),
                ('number', models.CharField(max_length=12)),
                ('category', models.CharField(max_length=4)),
                ('reason', EncryptedTextField(max_length=600)),
                ('wanted_until', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('lapses_at', models.DateTimeField()),
                ('quiet_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, choices=[('approved', 'Approved'), ('denied', 'Denied'), ('lapsed', 'Lapsed: nobody answered')], max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer_words', EncryptedTextField(blank=True, max_length=600)),
                ('history_id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                ('answered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.UUIDField(null=True)),
                ('case_file', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referrals.casefile')),
            ],
            options={
                'verbose_name': 'historical access request',
                'verbose_name_plural': 'historical access requests',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='AccessRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=12)),
                ('category', models.CharField(max_length=4)),
                ('reason', EncryptedTextField(max_length=600)),
                ('wanted_until', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('lapses_at', models.DateTimeField()),
                ('quiet_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, choices=[('approved', 'Approved'), ('denied', 'Denied'), ('lapsed', 'Lapsed: nobody answered')], max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer_words', EncryptedTextField(blank=True, max_length=600)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.UUIDField(null=True)),
                ('case_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.casefile')),
            ],
            options={
                'indexes': [models.Index(fields=['asked_by', '-asked_at'], name='access_requests_of_a_person'), models.Index(fields=['case_file'], name='access_requests_of_a_file'), models.Index(condition=models.Q(('answer', '')), fields=['lapses_at'], name='access_requests_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('wanted_until__gt', models.F('asked_at')), ('due_at__gt', models.F('asked_at')), ('lapses_at__gte', models.F('due_at'))), name='access_request_moments_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='access_request_answer_is_whole'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'approved'), _negated=True), models.Q(('answered_by__isnull', False), ('case_file__isnull', False), ('paper__isnull', False)), _connector='OR'), name='access_request_approval_makes_a_paper'), models.CheckConstraint(condition=models.Q(('answered_by__isnull', True), models.Q(('answered_by', models.F('asked_by')), _negated=True), _connector='OR'), name='access_request_not_answered_by_oneself'), models.CheckConstraint(condition=models.Q(('reason__blank', False)), name='access_request_says_why'), models.UniqueConstraint(condition=models.Q(('answer', '')), fields=('asked_by', 'number', 'category'), name='access_request_once_while_waiting')],
            },
        ),
    ]
