import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import uuid
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from cseccase.tables import MadeTogether


class Migration(MadeTogether):
    replaces = [
        ('agencies', '0001_initial'),
        ('agencies', '0002_people_and_their_sign_in'),
        ('agencies', '0003_notice_about'),
        ('agencies', '0004_protocol_proposals'),
        ('agencies', '0005_qualification'),
        ('agencies', '0006_notice_recent'),
        ('agencies', '0007_on_call'),
        ('agencies', '0008_county_rulebook'),
        ('agencies', '0009_notice_of_rulebook'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='County',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, unique=True)),
                ('product_name', models.CharField(default='Care Coordination', max_length=60)),
                ('zone', models.CharField(default='America/Los_Angeles', max_length=40)),
                ('hotline', models.CharField(help_text='The child abuse hotline, answered at every hour.', max_length=40)),
                ('night_line', models.CharField(help_text='Whom staff call at night, as one line of words.', max_length=120)),
                ('state_system', models.CharField(default='CWS/CMS', max_length=40)),
                ('second_signer_role', models.CharField(blank=True, choices=[('CW', 'Child Welfare'), ('PO', 'Probation'), ('MH', 'Mental Health'), ('PH', 'Public Health'), ('SU', 'Substance Use Services'), ('JC', 'Juvenile Court'), ('ED', 'Education'), ('CDA', "Children's Dependency Attorneys"), ('DA', 'District Attorney'), ('PD', 'Public Defender'), ('LE', 'Law Enforcement'), ('SM', 'Survivor Mentors'), ('ADV', 'CSEC Advocates'), ('CASA', 'Court Appointed Special Advocates'), ('LEG', 'Civil Legal Services'), ('CC', 'County Counsel'), ('SC', 'Steering Committee Staff')], help_text='An agency role that may sign a change of the sharing rules beside county counsel, if agreed.', max_length=4)),
                ('second_signer_duty', models.CharField(blank=True, choices=[('line_worker', 'line worker'), ('hotline', 'hotline worker'), ('supervisor', 'supervisor'), ('director', 'director'), ('coordinator', 'team coordinator'), ('committee', 'steering committee member'), ('security_officer', 'security officer'), ('counsel', 'counsel'), ('auditor', 'auditor')], max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agencies', to='agencies.county')),
                ('role', models.CharField(choices=[('CW', 'Child Welfare'), ('PO', 'Probation'), ('MH', 'Mental Health'), ('PH', 'Public Health'), ('SU', 'Substance Use Services'), ('JC', 'Juvenile Court'), ('ED', 'Education'), ('CDA', "Children's Dependency Attorneys"), ('DA', 'District Attorney'), ('PD', 'Public Defender'), ('LE', 'Law Enforcement'), ('SM', 'Survivor Mentors'), ('ADV', 'CSEC Advocates'), ('CASA', 'Court Appointed Special Advocates'), ('LEG', 'Civil Legal Services'), ('CC', 'County Counsel'), ('SC', 'Steering Committee Staff')], max_length=4)),
                ('name', models.CharField(max_length=120)),
                ('short_name', models.CharField(max_length=40)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='agency', to='auth.group')),
                ('governmental', models.BooleanField(default=True, help_text='Evidence Code 1038 knows only non-governmental ones.')),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name_plural': 'agencies',
                'constraints': [models.UniqueConstraint(fields=('county', 'name'), name='agency_name_once_a_county'), models.CheckConstraint(condition=models.Q(('role__in', ['CW', 'PO', 'MH', 'PH', 'SU', 'JC', 'ED', 'CDA', 'DA', 'PD', 'LE', 'SM', 'ADV', 'CASA', 'LEG', 'CC', 'SC'])), name='agency_role_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('full_name', models.CharField(max_length=128)),
                ('job_title', models.CharField(blank=True, max_length=80)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='agencies.agency')),
                ('mandated_reporter', models.CharField(blank=True, help_text='Category under Penal Code 11165.7, as words.', max_length=80)),
                ('is_active', models.BooleanField(default=True)),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'constraints': [models.CheckConstraint(condition=models.Q(('is_superuser', False)), name='nobody_is_superuser')],
            },
        ),
        migrations.CreateModel(
            name='Designation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='designations', to=settings.AUTH_USER_MODEL)),
                ('duty', models.CharField(choices=[('line_worker', 'line worker'), ('hotline', 'hotline worker'), ('supervisor', 'supervisor'), ('director', 'director'), ('coordinator', 'team coordinator'), ('committee', 'steering committee member'), ('security_officer', 'security officer'), ('counsel', 'counsel'), ('auditor', 'auditor')], max_length=20)),
                ('designated_by', models.CharField(help_text='The director or designee who signed.', max_length=128)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'duty', 'starts_on'), name='designation_once_a_day'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='designation_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('duty__in', ['line_worker', 'hotline', 'supervisor', 'director', 'coordinator', 'committee', 'security_officer', 'counsel', 'auditor'])), name='designation_duty_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to=settings.AUTH_USER_MODEL)),
                ('course', models.CharField(choices=[('csec_101', 'CSEC 101: identification and awareness'), ('csec_102', 'CSEC 102: engagement and team meetings'), ('protocol', "The county's protocol"), ('cse_it', 'Screening tool')], max_length=20)),
                ('completed_on', models.DateField()),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('evidence', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'course', 'completed_on'), name='training_once_a_day'), models.CheckConstraint(condition=models.Q(('expires_on__isnull', True), ('expires_on__gte', models.F('completed_on')), _connector='OR'), name='training_expires_after_completion'), models.CheckConstraint(condition=models.Q(('course__in', ['csec_101', 'csec_102', 'protocol', 'cse_it'])), name='training_course_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('about', models.CharField(choices=[('deadline', 'a duty'), ('meeting', 'a team meeting'), ('returned', 'duties that came back to the agency'), ('review', "the review of an agency's people"), ('emergency', 'an emergency look'), ('request', 'a request for access'), ('proposal', 'a change of the sharing rules'), ('rulebook', "a change of the county's deadlines"), ('named', 'a file opened to named people'), ('on_call', 'the on-call roster')], max_length=12)),
                ('subject', models.UUIDField()),
                ('stage', models.CharField(max_length=20)),
                ('escalated', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['recipient', '-created_at'], name='notice_inbox'), django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['created_at'], name='notice_recent'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['recipient'], name='notice_unread')],
                'constraints': [models.UniqueConstraint(fields=('subject', 'stage', 'recipient'), name='notice_exactly_once')],
            },
        ),
        migrations.CreateModel(
            name='OnCallShift',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('is_backup', models.BooleanField(default=False)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_at', models.DateTimeField()),
                ('handed_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.oncallshift')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'ends_at'], name='shifts_of_an_agency')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='shift_ends_after_it_starts'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('starts_at'), models.F('ends_at'), function='TSTZRANGE', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&'), ('agency', '='), ('is_backup', '=')], name='one_first_and_one_backup_at_a_time'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('starts_at'), models.F('ends_at'), function='TSTZRANGE', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&'), ('person', '=')], name='nobody_is_their_own_backup')],
            },
        ),
        migrations.CreateModel(
            name='ProtocolVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='protocol_versions', to='agencies.county')),
                ('number', models.PositiveIntegerField()),
                ('effective_at', models.DateTimeField()),
                ('approved_by', models.CharField(max_length=128)),
                ('note', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['county', '-effective_at', '-number'], name='protocol_in_force')],
                'constraints': [models.UniqueConstraint(fields=('county', 'number'), name='protocol_number_once_a_county')],
            },
        ),
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
        migrations.CreateModel(
            name='DisclosureCell',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='agencies.protocolversion')),
                ('category', models.CharField(max_length=4)),
                ('role', models.CharField(choices=[('CW', 'Child Welfare'), ('PO', 'Probation'), ('MH', 'Mental Health'), ('PH', 'Public Health'), ('SU', 'Substance Use Services'), ('JC', 'Juvenile Court'), ('ED', 'Education'), ('CDA', "Children's Dependency Attorneys"), ('DA', 'District Attorney'), ('PD', 'Public Defender'), ('LE', 'Law Enforcement'), ('SM', 'Survivor Mentors'), ('ADV', 'CSEC Advocates'), ('CASA', 'Court Appointed Special Advocates'), ('LEG', 'Civil Legal Services'), ('CC', 'County Counsel'), ('SC', 'Steering Committee Staff')], max_length=4)),
                ('access', models.CharField(choices=[('S', 'see'), ('Σ', 'summary only'), ('A', 'after the named authorisation'), ('N', 'never')], max_length=1)),
                ('basis', models.CharField(max_length=20)),
                ('reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(fields=['version', 'role'], include=('category', 'access'), name='cells_of_a_role')],
                'constraints': [models.UniqueConstraint(fields=('version', 'category', 'role'), name='one_cell_a_category_and_role'), models.CheckConstraint(condition=models.Q(('access__in', ['S', 'Σ', 'A', 'N'])), name='cell_access_is_known')],
            },
        ),
        migrations.CreateModel(
            name='ProtocolProposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.county')),
                ('number', models.PositiveIntegerField()),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.protocolversion')),
                ('state', models.CharField(choices=[('open', 'being written'), ('submitted', 'waiting for a second person'), ('approved', 'approved'), ('rejected', 'sent back'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('note', models.CharField(max_length=200)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_at', models.DateTimeField()),
                ('effective_at', models.DateTimeField(null=True)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, max_length=500)),
                ('signed', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='agencies.protocolversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('county', 'number'), name='proposal_number_once_a_county'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='proposal_decided_by_a_second_person'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', False), ('signed__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('signed__isnull', True)), _connector='OR'), name='proposal_approved_exactly_when_signed')],
            },
        ),
        migrations.CreateModel(
            name='ProposedCell',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='agencies.protocolproposal')),
                ('category', models.CharField(max_length=4)),
                ('role', models.CharField(choices=[('CW', 'Child Welfare'), ('PO', 'Probation'), ('MH', 'Mental Health'), ('PH', 'Public Health'), ('SU', 'Substance Use Services'), ('JC', 'Juvenile Court'), ('ED', 'Education'), ('CDA', "Children's Dependency Attorneys"), ('DA', 'District Attorney'), ('PD', 'Public Defender'), ('LE', 'Law Enforcement'), ('SM', 'Survivor Mentors'), ('ADV', 'CSEC Advocates'), ('CASA', 'Court Appointed Special Advocates'), ('LEG', 'Civil Legal Services'), ('CC', 'County Counsel'), ('SC', 'Steering Committee Staff')], max_length=4)),
                ('access', models.CharField(choices=[('S', 'see'), ('Σ', 'summary only'), ('A', 'after the named authorisation'), ('N', 'never')], max_length=1)),
                ('basis', models.CharField(max_length=20)),
                ('reason', models.CharField(max_length=300)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('proposal', 'category', 'role'), name='one_proposed_cell_a_category_and_role'), models.CheckConstraint(condition=models.Q(('access__in', ['S', 'Σ', 'A', 'N'])), name='proposed_access_is_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='proposed_cell_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Qualification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='qualifications', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(choices=[('1038.2', 'Human trafficking caseworker (Evidence Code 1038.2)'), ('1035.2', 'Sexual assault counselor (Evidence Code 1035.2)')], max_length=8)),
                ('way', models.CharField(choices=[('degree', 'A degree or licence, and the experience the law asks for'), ('training', '40 hours of training or more, under a supervisor who qualifies')], max_length=8)),
                ('hours', models.PositiveSmallIntegerField(default=0)),
                ('supervisor', models.CharField(blank=True, max_length=128)),
                ('evidence', models.CharField(max_length=160)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'kind', 'starts_on'), name='qualification_once_a_day'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='qualification_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('kind__in', ['1038.2', '1035.2']), ('way__in', ['degree', 'training'])), name='qualification_is_known'), models.CheckConstraint(condition=models.Q(('evidence', ''), _negated=True), name='qualification_has_its_proof'), models.CheckConstraint(condition=models.Q(models.Q(('way', 'training'), _negated=True), models.Q(('hours__gte', 40), models.Q(('supervisor', ''), _negated=True)), _connector='OR'), name='qualification_by_training_is_whole'), models.CheckConstraint(condition=models.Q(('recorded_by__isnull', True), models.Q(('recorded_by', models.F('person')), _negated=True), _connector='OR'), name='qualification_not_by_oneself')],
            },
        ),
        migrations.CreateModel(
            name='StaffReview',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('opened_at', models.DateTimeField()),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seen_by', models.CharField(blank=True, help_text='The director who was shown it.', max_length=128)),
            ],
            options={
                'indexes': [models.Index(fields=['agency', '-signed_at'], name='reviews_of_agency')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('signed_at', None)), fields=('agency',), name='one_open_review_an_agency'), models.CheckConstraint(condition=models.Q(models.Q(('seen_by', ''), ('signed_at', None), ('signed_by', None)), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False), models.Q(('seen_by', ''), _negated=True)), _connector='OR'), name='review_is_signed_whole')],
            },
        ),
        migrations.CreateModel(
            name='StaffReviewLine',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='agencies.staffreview')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outcome', models.CharField(choices=[('confirmed', 'confirmed as it is'), ('changed', 'designations changed'), ('suspended', 'account closed')], max_length=10)),
                ('duties', models.CharField(blank=True, max_length=200)),
                ('second_step', models.BooleanField()),
                ('said_at', models.DateTimeField()),
                ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('review', 'person'), name='one_line_a_person'), models.CheckConstraint(condition=models.Q(('outcome__in', ['confirmed', 'changed', 'suspended'])), name='review_outcome_is_known')],
            },
        ),
        migrations.CreateModel(
            name='CountyRulebook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.county')),
                ('number', models.PositiveIntegerField()),
                ('effective_at', models.DateTimeField()),
                ('limits', models.JSONField(default=dict)),
                ('readings', models.JSONField(default=dict)),
                ('reason', models.CharField(max_length=500)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('county', 'number'), name='rulebook_number_once_a_county'), models.UniqueConstraint(fields=('county', 'effective_at'), name='one_rulebook_a_moment'), models.CheckConstraint(condition=models.Q(('signed_by', models.F('proposed_by')), _negated=True), name='rulebook_signed_by_a_second_person'), models.CheckConstraint(condition=models.Q(('effective_at__gte', models.F('signed_at'))), name='rulebook_begins_when_signed_or_later'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='rulebook_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='RulebookProposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.county')),
                ('base', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('open', 'being written'), ('submitted', 'waiting for a second person'), ('signed', 'signed'), ('sent_back', 'sent back'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('limits', models.JSONField(default=dict)),
                ('readings', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('effective_at', models.DateTimeField(null=True)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'submitted'])), fields=('county',), name='one_rulebook_proposal_at_a_time'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), ('state', 'withdrawn'), _connector='OR'), name='rulebook_decided_by_a_second_person')],
            },
        ),
        migrations.CreateModel(
            name='FailedSignIn',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('account', models.CharField(max_length=64)),
                ('address', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'at'], name='failures_of_account'), models.Index(fields=['address', 'at'], name='failures_of_address'), models.Index(fields=['at'], name='failures_old')],
            },
        ),
    ]
