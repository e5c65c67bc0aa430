"""Entries are numbered by the table itself, and sealed in order."""

from django.db import migrations, models

NUMBERED = """
CREATE SEQUENCE audit_position;
ALTER TABLE audit_accessentry ADD COLUMN position bigint NOT NULL DEFAULT nextval('audit_position');
ALTER TABLE audit_accessentry ALTER COLUMN position DROP DEFAULT;
ALTER TABLE audit_accessentry ADD CONSTRAINT audit_accessentry_position_key UNIQUE (position);
ALTER SEQUENCE audit_position OWNED BY audit_accessentry.position;
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
ALTER TABLE audit_accessentry DROP COLUMN position;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(NUMBERED, NOT_NUMBERED)],
            state_operations=[
                migrations.AddField(
                    model_name='accessentry',
                    name='position',
                    field=models.BigIntegerField(editable=False, unique=True),
                ),
            ],
        ),
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
