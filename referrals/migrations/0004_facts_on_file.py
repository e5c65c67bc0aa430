from django.db import migrations

FACTS = """
CREATE FUNCTION referrals_facts_on_file(file uuid) RETURNS text[] LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$
BEGIN
  RETURN array_remove(ARRAY[
    CASE WHEN EXISTS (SELECT FROM referrals_courtorder WHERE case_file_id = file) THEN 'referrals_courtorder' END,
    CASE WHEN EXISTS (SELECT FROM referrals_informationrelease WHERE case_file_id = file) THEN 'referrals_informationrelease' END,
    CASE WHEN EXISTS (SELECT FROM referrals_part2consent WHERE case_file_id = file) THEN 'referrals_part2consent' END,
    CASE WHEN EXISTS (SELECT FROM referrals_teamrelease WHERE case_file_id = file) THEN 'referrals_teamrelease' END,
    CASE WHEN EXISTS (SELECT FROM referrals_youthchoice WHERE case_file_id = file) THEN 'referrals_youthchoice' END,
    CASE WHEN EXISTS (SELECT FROM referrals_adultconsent WHERE case_file_id = file) THEN 'referrals_adultconsent' END,
    CASE WHEN EXISTS (SELECT FROM referrals_casaappointment WHERE case_file_id = file) THEN 'referrals_casaappointment' END,
    CASE WHEN EXISTS (SELECT FROM referrals_retainer WHERE case_file_id = file) THEN 'referrals_retainer' END,
    CASE WHEN EXISTS (SELECT FROM referrals_needtoknow WHERE case_file_id = file) THEN 'referrals_needtoknow' END,
    CASE WHEN EXISTS (SELECT FROM referrals_courtfilestanding WHERE case_file_id = file) THEN 'referrals_courtfilestanding' END,
    CASE WHEN EXISTS (SELECT FROM referrals_privilegewaiver WHERE case_file_id = file) THEN 'referrals_privilegewaiver' END,
    CASE WHEN EXISTS (SELECT FROM referrals_sealedpurpose WHERE case_file_id = file) THEN 'referrals_sealedpurpose' END,
    CASE WHEN EXISTS (SELECT FROM referrals_seatfact WHERE case_file_id = file) THEN 'referrals_seatfact' END,
    CASE WHEN EXISTS (SELECT FROM referrals_emergencylook WHERE case_file_id = file) THEN 'referrals_emergencylook' END,
    CASE WHEN EXISTS (SELECT FROM referrals_caserestriction WHERE case_file_id = file) THEN 'referrals_caserestriction' END
  ], NULL);
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0003_answers_told_together'),
    ]

    operations = [
        migrations.RunSQL(FACTS, "DROP FUNCTION referrals_facts_on_file(uuid)"),
    ]
