"""Entries are numbered by the table itself, and sealed in order."""

import uuid

import django.contrib.postgres.indexes
from django.db import migrations, models

from cseccase.tables import MadeTogether

NUMBERED = """
CREATE SEQUENCE audit_position OWNED BY audit_accessentry.position;
CREATE FUNCTION audit_number() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS
$$ BEGIN
  NEW.position := nextval('audit_position');
  RETURN NEW;
END $$;
CREATE TRIGGER audit_number BEFORE INSERT ON audit_accessentry FOR EACH ROW EXECUTE FUNCTION audit_number();
"""
NOT_NUMBERED = """
DROP TRIGGER audit_number ON audit_accessentry;
DROP FUNCTION audit_number();
DROP SEQUENCE audit_position;
"""


class Migration(MadeTogether):
    replaces = [('audit', '0001_initial'), ('audit', '0002_sealed_log'), ('audit', '0003_verbs_live_in_code')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AccessEntry',
            fields=[
                ('position', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('verb', models.CharField(max_length=40)),
                ('person', models.UUIDField(null=True)),
                ('person_name', models.CharField(blank=True, max_length=150)),
                ('agency', models.UUIDField(null=True)),
                ('agency_name', models.CharField(blank=True, max_length=120)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject', models.UUIDField(null=True)),
                ('case_file', models.UUIDField(null=True)),
                ('category', models.CharField(blank=True, max_length=4)),
                ('basis', models.CharField(blank=True, max_length=40)),
                ('facts', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['case_file', '-at', '-id'], name='access_by_case'), models.Index(fields=['person', '-at', '-id'], name='access_by_person'), django.contrib.postgres.indexes.GinIndex(fields=['facts'], name='access_by_fact', opclasses=['jsonb_path_ops'])],
            },
        ),
        migrations.RunSQL(NUMBERED, NOT_NUMBERED),
        migrations.CreateModel(
            name='AccessSeal',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('sealed_at', models.DateTimeField()),
                ('form', models.PositiveSmallIntegerField()),
                ('last_position', models.BigIntegerField(unique=True)),
                ('entries', models.PositiveIntegerField()),
                ('leaves', models.BinaryField()),
                ('previous', models.BinaryField(max_length=32)),
                ('chain', models.BinaryField(max_length=32)),
                ('key', models.CharField(max_length=16)),
                ('signature', models.BinaryField(max_length=32)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
    ]
