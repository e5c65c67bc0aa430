import cseccase.encryption.fields
import django.core.serializers.json
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_counties_and_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='CodeSent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sent_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'sent_at'], name='codes_of_person')],
            },
        ),
        migrations.CreateModel(
            name='PushDevice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', cseccase.encryption.fields.EncryptedTextField(max_length=60)),
                ('subscription', cseccase.encryption.fields.EncryptedJSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('added_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'added_at'], name='devices_of_person')],
            },
        ),
        migrations.CreateModel(
            name='TextNumber',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', cseccase.encryption.fields.EncryptedTextField(max_length=24)),
                ('seed', models.UUIDField(default=uuid.uuid4)),
                ('code_until', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('written_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('person',), name='one_number_confirmed'), models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', True)), fields=('person',), name='one_number_waits')],
            },
        ),
    ]
