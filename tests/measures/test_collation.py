"""Thai order: the same on SQLite and PostgreSQL, and the one of the dictionary."""

import random

from django.db import connection
from django.db.models.functions import Collate

from measures.models import Agency
from measures.queries.agencies import THAI_ORDER
from tests import factories

# In the order that ICU gives; the traps are leading vowels, tone marks, digits and shared beginnings.
WORDS = [
    "1 กอง",
    "๒ กอง",
    "กก",
    "กลม",
    "กะปิ",
    "การเงิน",
    "กาว",
    "ก้าว",
    "ก้าวหน้า",
    "เกาะ",
    "แกะ",
    "โกน",
    "ขา",
    "ข่า",
    "ข้า",
    "คลัง",
    "เทศบาลตำบลบุ่งไหม",
    "เทศบาลตำบลอรุณนิคม",
    "น้ำ",
    "สำนักปลัด",
    "องค์การบริหารส่วนตำบลกระโทก",
    "องค์การบริหารส่วนตำบลเมืองคง",
    "องค์การบริหารส่วนตำบลยางสีสุราช",
    "อำเภอ",
    "ไอศกรีม",
]


def test_words_are_in_dictionary_order(db: None) -> None:
    shuffled = random.Random(4).sample(WORDS, len(WORDS))  # noqa: S311 - a fixed shuffle
    for number, word in enumerate(shuffled):
        Agency.objects.create(slug=f"a{number}", name=word, short_name=word, kind="อบต.")
    assert list(Agency.objects.order_by(Collate("name", THAI_ORDER)).values_list("name", flat=True)) == WORDS


def test_the_database_file_holds_no_collation_of_ours(db: None) -> None:
    factories.make_agency()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE sql LIKE '%th-x-icu%'")
            assert cursor.fetchone() == (0,)
