from django.conf import settings
from django.db import migrations, models

from cseccase.encryption.fields import EncryptedDateField, EncryptedJSONField, EncryptedTextField
from cseccase.encryption.operations import SealFields


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
        ('referrals', '0005_access_request'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='deadline',
            name='deadline_dropped_has_a_reason',
        ),
        migrations.AddField(
            model_name='caseevent',
            name='codes',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='historicalcaseevent',
            name='codes',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.RunSQL(
            "UPDATE referrals_caseevent SET codes = jsonb_strip_nulls(jsonb_build_object('referral', facts -> 'referral', 'tier', facts -> 'tier'))",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE referrals_historicalcaseevent SET codes = jsonb_strip_nulls(jsonb_build_object('referral', facts -> 'referral', 'tier', facts -> 'tier'))",
            migrations.RunSQL.noop,
        ),
        SealFields(
            'caseevent',
            {
                'facts': EncryptedJSONField(default=dict),
                'note': EncryptedTextField(blank=True),
            },
            table='referrals_caseevent',
        ),
        SealFields(
            'caseparty',
            {
                'evidence': EncryptedTextField(blank=True, max_length=160),
            },
            table='referrals_caseparty',
        ),
        SealFields(
            'child',
            {
                'born_on': EncryptedDateField(blank=True, null=True),
                'family_name': EncryptedTextField(blank=True, max_length=128),
                'given_name': EncryptedTextField(blank=True, max_length=128),
                'language': EncryptedTextField(blank=True, max_length=40),
                'other_names': EncryptedTextField(blank=True, max_length=200),
                'state_number': EncryptedTextField(blank=True, help_text="The child's number in the State system.", max_length=24),
                'tribe': EncryptedTextField(blank=True, max_length=120),
            },
            table='referrals_child',
        ),
        SealFields(
            'deadline',
            {
                'drop_reason': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_deadline',
        ),
        SealFields(
            'historicalcaseevent',
            {
                'facts': EncryptedJSONField(default=dict),
                'note': EncryptedTextField(blank=True),
            },
            table='referrals_caseevent',
        ),
        SealFields(
            'historicalcaseparty',
            {
                'evidence': EncryptedTextField(blank=True, max_length=160),
            },
            table='referrals_caseparty',
        ),
        SealFields(
            'historicalchild',
            {
                'born_on': EncryptedDateField(blank=True, null=True),
                'family_name': EncryptedTextField(blank=True, max_length=128),
                'given_name': EncryptedTextField(blank=True, max_length=128),
                'language': EncryptedTextField(blank=True, max_length=40),
                'other_names': EncryptedTextField(blank=True, max_length=200),
                'state_number': EncryptedTextField(blank=True, help_text="The child's number in the State system.", max_length=24),
                'tribe': EncryptedTextField(blank=True, max_length=120),
            },
            table='referrals_child',
        ),
        SealFields(
            'historicaldeadline',
            {
                'drop_reason': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_deadline',
        ),
        SealFields(
            'historicalmissingepisode',
            {
                'description': EncryptedTextField(blank=True, help_text='Height, weight, hair, eyes, clothing, marks.'),
                'endangerment': EncryptedTextField(blank=True, help_text='Pregnancy, medication, suicidality, trafficking risk.'),
                'last_seen_place': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_missingepisode',
        ),
        SealFields(
            'historicalreferral',
            {
                'narrative': EncryptedTextField(blank=True),
            },
            table='referrals_referral',
        ),
        SealFields(
            'historicalreporter',
            {
                'call_back': EncryptedTextField(blank=True, max_length=60),
                'category': EncryptedTextField(blank=True, help_text='Mandated reporter category, Penal Code 11165.7.', max_length=80),
                'name_or_role': EncryptedTextField(blank=True, max_length=160),
            },
            table='referrals_reporter',
        ),
        SealFields(
            'historicalseatfact',
            {
                'deemed_in_writing': EncryptedTextField(blank=True, max_length=300),
            },
            table='referrals_seatfact',
        ),
        SealFields(
            'historicalwhereabouts',
            {
                'place': EncryptedTextField(max_length=300),
            },
            table='referrals_whereabouts',
        ),
        SealFields(
            'missingepisode',
            {
                'description': EncryptedTextField(blank=True, help_text='Height, weight, hair, eyes, clothing, marks.'),
                'endangerment': EncryptedTextField(blank=True, help_text='Pregnancy, medication, suicidality, trafficking risk.'),
                'last_seen_place': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_missingepisode',
        ),
        SealFields(
            'referral',
            {
                'narrative': EncryptedTextField(blank=True),
            },
            table='referrals_referral',
        ),
        SealFields(
            'reporter',
            {
                'call_back': EncryptedTextField(blank=True, max_length=60),
                'category': EncryptedTextField(blank=True, help_text='Mandated reporter category, Penal Code 11165.7.', max_length=80),
                'name_or_role': EncryptedTextField(blank=True, max_length=160),
            },
            table='referrals_reporter',
        ),
        SealFields(
            'seatfact',
            {
                'deemed_in_writing': EncryptedTextField(blank=True, max_length=300),
            },
            table='referrals_seatfact',
        ),
        SealFields(
            'whereabouts',
            {
                'place': EncryptedTextField(max_length=300),
            },
            table='referrals_whereabouts',
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('dropped_by__isnull', True), ('drop_reason__blank', False), _connector='OR'), name='deadline_dropped_has_a_reason'),
        ),
    ]
