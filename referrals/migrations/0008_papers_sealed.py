from django.conf import settings
from django.db import migrations, models

from cseccase.encryption.fields import EncryptedTextField
from cseccase.encryption.operations import SealFields


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0003_notice_about'),
        ('referrals', '0007_blind_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='accessrequest',
            name='access_request_says_why',
        ),
        migrations.RemoveConstraint(
            model_name='adultconsent',
            name='adultconsent_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='adultconsent',
            name='adultconsent_revoked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='casaappointment',
            name='casaappointment_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='casaappointment',
            name='casaappointment_revoked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='courtfilestanding',
            name='courtfilestanding_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='courtfilestanding',
            name='courtfilestanding_revoked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='courtorder',
            name='courtorder_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='courtorder',
            name='courtorder_revoked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='emergencylook',
            name='emergency_review_is_whole_and_not_ones_own',
        ),
        migrations.RemoveConstraint(
            model_name='emergencylook',
            name='emergency_look_says_why',
        ),
        migrations.RemoveConstraint(
            model_name='goodcause',
            name='good_cause_has_a_reason',
        ),
        migrations.RemoveConstraint(
            model_name='informationrelease',
            name='informationrelease_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='informationrelease',
            name='informationrelease_revoked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='needtoknow',
            name='needtoknow_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='needtoknow',
            name='needtoknow_revoked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='part2consent',
            name='part2consent_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='part2consent',
            name='part2consent_revoked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='part2consent',
            name='part_2_consent_ends',
        ),
        migrations.RemoveConstraint(
            model_name='privilegewaiver',
            name='privilegewaiver_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='privilegewaiver',
            name='privilegewaiver_revoked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='retainer',
            name='retainer_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='retainer',
            name='retainer_revoked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='sealedpurpose',
            name='sealedpurpose_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='sealedpurpose',
            name='sealedpurpose_revoked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='teamrelease',
            name='teamrelease_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='teamrelease',
            name='teamrelease_revoked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='youthchoice',
            name='youthchoice_has_evidence',
        ),
        migrations.RemoveConstraint(
            model_name='youthchoice',
            name='youthchoice_revoked_with_reason',
        ),
        SealFields(
            'accessrequest',
            {
                'answer_words': EncryptedTextField(blank=True, max_length=600),
                'reason': EncryptedTextField(max_length=600),
            },
            table='referrals_accessrequest',
        ),
        SealFields(
            'adultconsent',
            {
                'evidence': EncryptedTextField(max_length=160),
                'explained': EncryptedTextField(max_length=300),
                'purpose': EncryptedTextField(max_length=300),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_adultconsent',
        ),
        SealFields(
            'casaappointment',
            {
                'advocate': EncryptedTextField(max_length=128),
                'case_number': EncryptedTextField(max_length=40),
                'court': EncryptedTextField(max_length=120),
                'evidence': EncryptedTextField(max_length=160),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_casaappointment',
        ),
        SealFields(
            'courtfilestanding',
            {
                'capacity': EncryptedTextField(max_length=160),
                'case_number': EncryptedTextField(blank=True, max_length=40),
                'evidence': EncryptedTextField(max_length=160),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_courtfilestanding',
        ),
        SealFields(
            'courtorder',
            {
                'case_number': EncryptedTextField(max_length=40),
                'court': EncryptedTextField(max_length=120),
                'evidence': EncryptedTextField(max_length=160),
                'judge': EncryptedTextField(max_length=128),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
                'terms_ordered': EncryptedTextField(max_length=400),
            },
            table='referrals_courtorder',
        ),
        SealFields(
            'emergencylook',
            {
                'review_words': EncryptedTextField(blank=True, max_length=600),
                'words': EncryptedTextField(max_length=600),
            },
            table='referrals_emergencylook',
        ),
        SealFields(
            'goodcause',
            {
                'reason': EncryptedTextField(max_length=400),
            },
            table='referrals_goodcause',
        ),
        SealFields(
            'historicalaccessrequest',
            {
                'answer_words': EncryptedTextField(blank=True, max_length=600),
                'reason': EncryptedTextField(max_length=600),
            },
            table='referrals_accessrequest',
        ),
        SealFields(
            'historicaladultconsent',
            {
                'evidence': EncryptedTextField(max_length=160),
                'explained': EncryptedTextField(max_length=300),
                'purpose': EncryptedTextField(max_length=300),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_adultconsent',
        ),
        SealFields(
            'historicalcasaappointment',
            {
                'advocate': EncryptedTextField(max_length=128),
                'case_number': EncryptedTextField(max_length=40),
                'court': EncryptedTextField(max_length=120),
                'evidence': EncryptedTextField(max_length=160),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_casaappointment',
        ),
        SealFields(
            'historicalcourtfilestanding',
            {
                'capacity': EncryptedTextField(max_length=160),
                'case_number': EncryptedTextField(blank=True, max_length=40),
                'evidence': EncryptedTextField(max_length=160),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_courtfilestanding',
        ),
        SealFields(
            'historicalcourtorder',
            {
                'case_number': EncryptedTextField(max_length=40),
                'court': EncryptedTextField(max_length=120),
                'evidence': EncryptedTextField(max_length=160),
                'judge': EncryptedTextField(max_length=128),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
                'terms_ordered': EncryptedTextField(max_length=400),
            },
            table='referrals_courtorder',
        ),
        SealFields(
            'historicalemergencylook',
            {
                'review_words': EncryptedTextField(blank=True, max_length=600),
                'words': EncryptedTextField(max_length=600),
            },
            table='referrals_emergencylook',
        ),
        SealFields(
            'historicalgoodcause',
            {
                'reason': EncryptedTextField(max_length=400),
            },
            table='referrals_goodcause',
        ),
        SealFields(
            'historicalinformationrelease',
            {
                'evidence': EncryptedTextField(max_length=160),
                'purpose': EncryptedTextField(max_length=300),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
                'signer': EncryptedTextField(max_length=128),
                'what': EncryptedTextField(max_length=300),
            },
            table='referrals_informationrelease',
        ),
        SealFields(
            'historicalneedtoknow',
            {
                'evidence': EncryptedTextField(max_length=160),
                'purpose': EncryptedTextField(max_length=300),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_needtoknow',
        ),
        SealFields(
            'historicalpart2consent',
            {
                'ends_upon': EncryptedTextField(blank=True, max_length=200),
                'evidence': EncryptedTextField(max_length=160),
                'program': EncryptedTextField(max_length=128),
                'purpose': EncryptedTextField(max_length=300),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
                'signer': EncryptedTextField(max_length=128),
                'what': EncryptedTextField(max_length=300),
            },
            table='referrals_part2consent',
        ),
        SealFields(
            'historicalprivilegewaiver',
            {
                'evidence': EncryptedTextField(max_length=160),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
                'signer': EncryptedTextField(max_length=128),
                'what': EncryptedTextField(max_length=300),
            },
            table='referrals_privilegewaiver',
        ),
        SealFields(
            'historicalretainer',
            {
                'attorney': EncryptedTextField(max_length=128),
                'case_number': EncryptedTextField(blank=True, max_length=40),
                'court': EncryptedTextField(blank=True, max_length=120),
                'evidence': EncryptedTextField(max_length=160),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_retainer',
        ),
        SealFields(
            'historicalsealedpurpose',
            {
                'authority': EncryptedTextField(max_length=120),
                'evidence': EncryptedTextField(max_length=160),
                'purpose': EncryptedTextField(max_length=300),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_sealedpurpose',
        ),
        SealFields(
            'historicalteamrelease',
            {
                'evidence': EncryptedTextField(max_length=160),
                'participant': EncryptedTextField(max_length=128),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
                'signer': EncryptedTextField(max_length=128),
            },
            table='referrals_teamrelease',
        ),
        SealFields(
            'historicalyouthchoice',
            {
                'allows': EncryptedTextField(max_length=300),
                'evidence': EncryptedTextField(max_length=160),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_youthchoice',
        ),
        SealFields(
            'informationrelease',
            {
                'evidence': EncryptedTextField(max_length=160),
                'purpose': EncryptedTextField(max_length=300),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
                'signer': EncryptedTextField(max_length=128),
                'what': EncryptedTextField(max_length=300),
            },
            table='referrals_informationrelease',
        ),
        SealFields(
            'needtoknow',
            {
                'evidence': EncryptedTextField(max_length=160),
                'purpose': EncryptedTextField(max_length=300),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_needtoknow',
        ),
        SealFields(
            'part2consent',
            {
                'ends_upon': EncryptedTextField(blank=True, max_length=200),
                'evidence': EncryptedTextField(max_length=160),
                'program': EncryptedTextField(max_length=128),
                'purpose': EncryptedTextField(max_length=300),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
                'signer': EncryptedTextField(max_length=128),
                'what': EncryptedTextField(max_length=300),
            },
            table='referrals_part2consent',
        ),
        SealFields(
            'privilegewaiver',
            {
                'evidence': EncryptedTextField(max_length=160),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
                'signer': EncryptedTextField(max_length=128),
                'what': EncryptedTextField(max_length=300),
            },
            table='referrals_privilegewaiver',
        ),
        SealFields(
            'retainer',
            {
                'attorney': EncryptedTextField(max_length=128),
                'case_number': EncryptedTextField(blank=True, max_length=40),
                'court': EncryptedTextField(blank=True, max_length=120),
                'evidence': EncryptedTextField(max_length=160),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_retainer',
        ),
        SealFields(
            'sealedpurpose',
            {
                'authority': EncryptedTextField(max_length=120),
                'evidence': EncryptedTextField(max_length=160),
                'purpose': EncryptedTextField(max_length=300),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_sealedpurpose',
        ),
        SealFields(
            'teamrelease',
            {
                'evidence': EncryptedTextField(max_length=160),
                'participant': EncryptedTextField(max_length=128),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
                'signer': EncryptedTextField(max_length=128),
            },
            table='referrals_teamrelease',
        ),
        SealFields(
            'youthchoice',
            {
                'allows': EncryptedTextField(max_length=300),
                'evidence': EncryptedTextField(max_length=160),
                'revoked_why': EncryptedTextField(blank=True, max_length=200),
            },
            table='referrals_youthchoice',
        ),
        migrations.AddConstraint(
            model_name='accessrequest',
            constraint=models.CheckConstraint(condition=models.Q(('reason__blank', False)), name='access_request_says_why'),
        ),
        migrations.AddConstraint(
            model_name='adultconsent',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='adultconsent_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='adultconsent',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='adultconsent_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='casaappointment',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='casaappointment_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='casaappointment',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='casaappointment_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='courtfilestanding',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='courtfilestanding_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='courtfilestanding',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='courtfilestanding_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='courtorder',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='courtorder_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='courtorder',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='courtorder_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='emergencylook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('review_words__blank', True), ('reviewed_at__isnull', True), ('reviewed_by__isnull', True), ('verdict', '')), models.Q(('reviewed_at__isnull', False), ('reviewed_by__isnull', False), models.Q(('verdict', ''), _negated=True), ('review_words__blank', False), models.Q(('reviewed_by', models.F('person')), _negated=True)), _connector='OR'), name='emergency_review_is_whole_and_not_ones_own'),
        ),
        migrations.AddConstraint(
            model_name='emergencylook',
            constraint=models.CheckConstraint(condition=models.Q(('words__blank', False), ('reason__in', ['danger', 'missing', 'medical'])), name='emergency_look_says_why'),
        ),
        migrations.AddConstraint(
            model_name='goodcause',
            constraint=models.CheckConstraint(condition=models.Q(('reason__blank', False)), name='good_cause_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='informationrelease',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='informationrelease_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='informationrelease',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='informationrelease_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='needtoknow',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='needtoknow_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='needtoknow',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='needtoknow_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='part2consent',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='part2consent_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='part2consent',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='part2consent_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='part2consent',
            constraint=models.CheckConstraint(condition=models.Q(('until__isnull', False), ('ends_upon__blank', False), _connector='OR'), name='part_2_consent_ends'),
        ),
        migrations.AddConstraint(
            model_name='privilegewaiver',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='privilegewaiver_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='privilegewaiver',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='privilegewaiver_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='retainer',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='retainer_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='retainer',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='retainer_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='sealedpurpose',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='sealedpurpose_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='sealedpurpose',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='sealedpurpose_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='teamrelease',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='teamrelease_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='teamrelease',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='teamrelease_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='youthchoice',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__blank', False)), name='youthchoice_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='youthchoice',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_why__blank', False), _connector='OR'), name='youthchoice_revoked_with_reason'),
        ),
    ]
