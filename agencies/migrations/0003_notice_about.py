from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0002_people_and_their_sign_in'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='about',
            field=models.CharField(choices=[('deadline', 'a duty'), ('meeting', 'a team meeting'), ('returned', 'duties that came back to the agency'), ('review', "the review of an agency's people"), ('emergency', 'an emergency look'), ('request', 'a request for access')], max_length=12),
        ),
    ]
