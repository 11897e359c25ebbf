"""The form in which an agency prints: its wishes, and the number of a period's memo."""

import django.db.models.deletion
from django.db import migrations, models

from measures import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('measures', '0002_triggers'),
    ]

    operations = [
        migrations.AddField(
            model_name='planlayout',
            name='memo_number',
            field=models.CharField(blank=True, default='', max_length=100, verbose_name='เลขที่หนังสือ'),
        ),
        migrations.CreateModel(
            name='ReportForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('emblem', models.BinaryField(blank=True, default=bytes, verbose_name='ตราหน่วยงาน')),
                ('signatures', models.BooleanField(default=False, verbose_name='พิมพ์ช่องลงชื่อ')),
                ('paper', models.CharField(blank=True, choices=[('A4', 'A4'), ('F4', 'F4'), ('Legal', 'Legal'), ('A3', 'A3')], max_length=10, verbose_name='กระดาษ')),
                ('margin_top', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='ขอบบน')),
                ('margin_right', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='ขอบขวา')),
                ('margin_bottom', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='ขอบล่าง')),
                ('margin_left', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='ขอบซ้าย')),
                ('agency', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='report_form', to='measures.agency')),
            ],
            options={
                'verbose_name': 'แบบพิมพ์ของหน่วยงาน',
                'verbose_name_plural': 'แบบพิมพ์ของหน่วยงาน',
                'constraints': [models.CheckConstraint(condition=models.Q(('paper__in', ['', 'A4', 'F4', 'Legal', 'A3'])), name='report_form_paper_known'), models.CheckConstraint(condition=models.Q(('margin_top__isnull', True), ('margin_top__range', (10, 50)), _connector='OR'), name='report_form_margin_top_in_range'), models.CheckConstraint(condition=models.Q(('margin_right__isnull', True), ('margin_right__range', (10, 50)), _connector='OR'), name='report_form_margin_right_in_range'), models.CheckConstraint(condition=models.Q(('margin_bottom__isnull', True), ('margin_bottom__range', (10, 50)), _connector='OR'), name='report_form_margin_bottom_in_range'), models.CheckConstraint(condition=models.Q(('margin_left__isnull', True), ('margin_left__range', (10, 50)), _connector='OR'), name='report_form_margin_left_in_range')],
            },
        ),
        # SQLite rebuilds a table to add a column: its triggers must stand again.
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
