import cseccase.encryption.fields
import django.core.serializers.json
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from cseccase.tables import MadeTogether


class Migration(MadeTogether):
    replaces = [('drafts', '0001_initial'), ('drafts', '0002_kept_forms'), ('drafts', '0003_encryption_at_rest')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('form', models.CharField(max_length=60)),
                ('about', models.UUIDField(null=True)),
                ('answers', cseccase.encryption.fields.EncryptedJSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('author', 'form', 'about'), name='one_draft_a_form', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='KeptForm',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sealed', models.BinaryField()),
                ('kept_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'indexes': [models.Index(fields=['author', '-kept_at'], name='kept_form_of_author')],
            },
        ),
    ]
