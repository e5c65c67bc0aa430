import cseccase.encryption.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from cseccase.tables import MadeTogether


class Migration(MadeTogether):
    replaces = [('reporting', '0001_initial'), ('reporting', '0002_look_reviews')]

    initial = True

    dependencies = [
        ('agencies', '0001_counties_and_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='HomeAddress',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('fingerprint', models.CharField(max_length=64)),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('noted_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='LookReview',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('day', models.DateField(help_text="On the county's calendar.")),
                ('finding', models.CharField(choices=[('explained', 'It was for their work'), ('passed_on', 'Passed on to the privacy officer')], max_length=10)),
                ('words', cseccase.encryption.fields.EncryptedTextField(max_length=500)),
                ('reviewed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'day', '-reviewed_at'], name='review_of_a_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('person', models.F('reviewed_by')), _negated=True), name='nobody_reviews_their_own_looks')],
            },
        ),
        migrations.CreateModel(
            name='ReportRun',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.county')),
                ('kind', models.CharField(choices=[('quarter', 'Quarter'), ('year', 'Year')], max_length=8)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField(help_text='The quarter, 1 to 4; 0 for a whole year.')),
                ('made_at', models.DateTimeField()),
                ('made_for', models.ForeignKey(help_text='Who asked for the count.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('content', models.JSONField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('county', 'year', 'number'), name='one_frozen_report_a_period'), models.CheckConstraint(condition=models.Q(('number__lte', 4)), name='report_covers_a_quarter_or_a_year')],
            },
        ),
        migrations.CreateModel(
            name='ReportOrder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.county')),
                ('kind', models.CharField(choices=[('quarter', 'Quarter'), ('year', 'Year')], max_length=8)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField(help_text='The quarter, 1 to 4; 0 for a whole year.')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'waits for its turn'), ('counting', 'is being counted'), ('done', 'is frozen'), ('failed', 'did not finish')], default='waiting', max_length=8)),
                ('state_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'counting'])), fields=['state_at'], name='orders_not_finished')],
                'constraints': [models.UniqueConstraint(fields=('county', 'year', 'number'), name='one_order_a_period')],
            },
        ),
    ]
