import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


FIRST_VERSIONS = """
INSERT INTO agencies_versionsettling (version_id, cases_done, cases_in_all, settled_at)
SELECT id, 0, 0, CASE WHEN number = min(number) OVER (PARTITION BY county_id) THEN effective_at END
FROM agencies_protocolversion
"""


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0003_notice_about'),
    ]

    operations = [
        migrations.CreateModel(
            name='VersionSettling',
            fields=[
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='settling', serialize=False, to='agencies.protocolversion')),
                ('began_at', models.DateTimeField(null=True)),
                ('last_case', models.UUIDField(null=True)),
                ('cases_done', models.PositiveIntegerField(default=0)),
                ('cases_in_all', models.PositiveIntegerField(default=0)),
                ('settled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='county',
            name='second_signer_duty',
            field=models.CharField(blank=True, choices=[('line_worker', 'line worker'), ('hotline', 'hotline worker'), ('supervisor', 'supervisor'), ('coordinator', 'team coordinator'), ('committee', 'steering committee member'), ('security_officer', 'security officer'), ('counsel', 'counsel'), ('auditor', 'auditor')], max_length=20),
        ),
        migrations.AddField(
            model_name='county',
            name='second_signer_role',
            field=models.CharField(blank=True, choices=[('CW', 'Child Welfare'), ('PO', 'Probation'), ('MH', 'Mental Health'), ('PH', 'Public Health'), ('SU', 'Substance Use Services'), ('JC', 'Juvenile Court'), ('ED', 'Education'), ('CDA', "Children's Dependency Attorneys"), ('DA', 'District Attorney'), ('PD', 'Public Defender'), ('LE', 'Law Enforcement'), ('SM', 'Survivor Mentors'), ('ADV', 'CSEC Advocates'), ('CASA', 'Court Appointed Special Advocates'), ('LEG', 'Civil Legal Services'), ('CC', 'County Counsel'), ('SC', 'Steering Committee Staff')], help_text='An agency role that may sign a change of the sharing rules beside county counsel, if agreed.', max_length=4),
        ),
        migrations.AddField(
            model_name='disclosurecell',
            name='reason',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.CreateModel(
            name='ProtocolProposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('open', 'being written'), ('submitted', 'waiting for a second person'), ('approved', 'approved'), ('rejected', 'sent back'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('note', models.CharField(max_length=200)),
                ('opened_at', models.DateTimeField()),
                ('effective_at', models.DateTimeField(null=True)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, max_length=500)),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.protocolversion')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.county')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='agencies.protocolversion')),
            ],
        ),
        migrations.CreateModel(
            name='ProposedCell',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('category', models.CharField(max_length=4)),
                ('role', models.CharField(choices=[('CW', 'Child Welfare'), ('PO', 'Probation'), ('MH', 'Mental Health'), ('PH', 'Public Health'), ('SU', 'Substance Use Services'), ('JC', 'Juvenile Court'), ('ED', 'Education'), ('CDA', "Children's Dependency Attorneys"), ('DA', 'District Attorney'), ('PD', 'Public Defender'), ('LE', 'Law Enforcement'), ('SM', 'Survivor Mentors'), ('ADV', 'CSEC Advocates'), ('CASA', 'Court Appointed Special Advocates'), ('LEG', 'Civil Legal Services'), ('CC', 'County Counsel'), ('SC', 'Steering Committee Staff')], max_length=4)),
                ('access', models.CharField(choices=[('S', 'see'), ('Σ', 'summary only'), ('A', 'after the named authorisation'), ('N', 'never')], max_length=1)),
                ('basis', models.CharField(max_length=20)),
                ('reason', models.CharField(max_length=300)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='agencies.protocolproposal')),
            ],
        ),
        migrations.AddConstraint(
            model_name='protocolproposal',
            constraint=models.UniqueConstraint(fields=('county', 'number'), name='proposal_number_once_a_county'),
        ),
        migrations.AddConstraint(
            model_name='protocolproposal',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='proposal_decided_by_a_second_person'),
        ),
        migrations.AddConstraint(
            model_name='protocolproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', False), ('signed__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('signed__isnull', True)), _connector='OR'), name='proposal_approved_exactly_when_signed'),
        ),
        migrations.AddConstraint(
            model_name='proposedcell',
            constraint=models.UniqueConstraint(fields=('proposal', 'category', 'role'), name='one_proposed_cell_a_category_and_role'),
        ),
        migrations.AddConstraint(
            model_name='proposedcell',
            constraint=models.CheckConstraint(condition=models.Q(('access__in', ['S', 'Σ', 'A', 'N'])), name='proposed_access_is_known'),
        ),
        migrations.AddConstraint(
            model_name='proposedcell',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='proposed_cell_has_a_reason'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='about',
            field=models.CharField(choices=[('deadline', 'a duty'), ('meeting', 'a team meeting'), ('returned', 'duties that came back to the agency'), ('review', "the review of an agency's people"), ('emergency', 'an emergency look'), ('request', 'a request for access'), ('proposal', 'a change of the sharing rules')], max_length=12),
        ),
    ]
