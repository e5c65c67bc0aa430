from django.db import migrations

LIKELIEST = """
CREATE FUNCTION referrals_likeliest_children(tokens bigint[], weights int[], most int, compared int)
RETURNS SETOF uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY
  SELECT found.child_id FROM (
    SELECT asked.weight, held.child_id
    FROM unnest(tokens, weights) AS asked(token, weight)
    CROSS JOIN LATERAL (
      SELECT t.child_id FROM referrals_childtoken t WHERE t.token = asked.token ORDER BY t.child_id LIMIT most
    ) held
  ) found
  GROUP BY found.child_id ORDER BY sum(found.weight) DESC, found.child_id LIMIT compared;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0001_case_files'),
    ]

    operations = [
        migrations.RunSQL(LIKELIEST, "DROP FUNCTION referrals_likeliest_children(bigint[], int[], int, int)"),
    ]
