"""The closed vocabularies of the domain, each value with its Thai label."""

from enum import StrEnum


class Labelled(StrEnum):
    """A string value that is stored and a Thai label that is shown."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Labelled":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs (value, label) in the order of declaration, for a model or form field."""
        return [(member.value, member.label) for member in cls]


class Status(Labelled):
    """State of the work. An entry without a status is unknown, which is not one of these."""

    NOT_STARTED = "NOT_STARTED", "ยังไม่ได้ดำเนินการ"
    IN_PROGRESS = "IN_PROGRESS", "อยู่ระหว่างดำเนินการ"
    DONE = "DONE", "ดำเนินการแล้ว"
    NOT_APPLICABLE = "NOT_APPLICABLE", "ไม่เกี่ยวข้อง"


class Instrument(Labelled):
    """The three instruments of the ITA."""

    IIT = "IIT", "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน"
    EIT = "EIT", "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก"
    OIT = "OIT", "แบบวัดการเปิดเผยข้อมูลสาธารณะ"


class Period(Labelled):
    """What a report covers."""

    PLAN = "plan", "แผนมาตรการ"
    ROUND1 = "round1", "รอบที่ ๑"
    ROUND2 = "round2", "รอบที่ ๒"
    ANNUAL = "annual", "ทั้งปี"

    @property
    def round_number(self) -> int | None:
        """1 or 2 for a round's period, None for the plan and the year."""
        return {Period.ROUND1: 1, Period.ROUND2: 2}.get(self)

    @classmethod
    def of_round(cls, number: int) -> "Period":
        """The period of round 1 or 2."""
        return next(period for period in cls if period.round_number == number)


class Role(Labelled):
    """What a person is in an agency (or, for the last two, above it)."""

    STAFF = "staff", "เจ้าหน้าที่กอง/สำนัก"
    HEAD = "head", "ผู้อำนวยการกอง/หัวหน้าสำนัก"
    CLERK = "clerk", "เจ้าหน้าที่ ITA"
    EXECUTIVE = "executive", "ผู้บริหาร"
    AUDITOR = "auditor", "ผู้ตรวจสอบ"
    PROVINCE = "province", "ผู้กำกับดูแลระดับจังหวัด"
    ADMIN = "admin", "ผู้ดูแลระบบ"


class RoundState(Labelled):
    """A round is planned, then open for writing, then closed."""

    PLANNED = "PLANNED", "ยังไม่เปิด"
    OPEN = "OPEN", "เปิดรับรายงาน"
    CLOSED = "CLOSED", "ปิดรอบแล้ว"


class EvidenceKind(Labelled):
    """How a piece of evidence is given."""

    LINK = "link", "ลิงก์"


class NarrativeKind(Labelled):
    """How a piece of prose is set."""

    HEADING = "heading", "หัวข้อ"
    PARAGRAPH = "paragraph", "ย่อหน้า"


class Section(Labelled):
    """Where in a report a narrative stands."""

    PREAMBLE = "preamble", "ความนำ"
    RECOMMENDATIONS = "recommendations", "ข้อเสนอแนะ"
    EXECUTIVE_SUMMARY = "executive_summary", "บทสรุปผู้บริหาร"
    GUIDELINES = "guidelines", "แนวทางการพัฒนา"
    LIMITATIONS = "limitations", "ข้อจำกัด"


class PrintedField(Labelled):
    """Which text of the framework an agency prints in its own words."""

    NAME = "name", "ชื่อ"
    HEADING = "heading", "หัวข้อ"
    ASSESSMENT = "assessment", "การประเมิน"
    ELEMENTS = "elements", "องค์ประกอบด้านข้อมูล"
    QUESTION = "question", "ข้อคำถาม"
    SCORE_LABEL = "score_label", "คำนำหน้าคะแนน"
    GROUP = "group", "หัวข้อกลุ่ม"


class Origin(Labelled):
    """Where a framework comes from: only those from files are touched by sync_frameworks."""

    FILE = "file", "จากแฟ้มของระบบ"
    LOCAL = "local", "จัดทำในระบบ"
