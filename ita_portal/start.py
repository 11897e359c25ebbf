"""What must hold before a server starts: one clear line instead of an unsafe portal."""

import ipaddress
import os

from django.conf import settings


def refuse_unsafe_start(host: str | None = None) -> None:
    """Leave the process with a Thai line when the settings do not allow a start.

    `host` is the address about to be listened on; None where the caller does not know it.
    """
    if host is not None and settings.DEMO and not is_loopback(host):
        raise SystemExit(
            f"เริ่มระบบไม่ได้: DEMO=1 มีบัญชีสาธิตที่ทุกคนรู้รหัสผ่าน จึงเปิดได้เฉพาะ 127.0.0.1 ไม่ใช่ {host} — "
            "ถ้าจะใช้งานจริงให้ยกเลิก DEMO แล้วกำหนด SECRET_KEY และ ALLOWED_HOSTS"
        )
    if not settings.PRODUCTION:
        return
    if not os.environ.get("SECRET_KEY"):
        raise SystemExit(
            "เริ่มระบบไม่ได้: ยังไม่ได้กำหนด SECRET_KEY ในสภาพแวดล้อม — ใช้ข้อความสุ่มอย่างน้อย 50 ตัวอักษรและเก็บเป็นความลับ"
        )
    if not settings.ALLOWED_HOSTS:
        raise SystemExit(
            "เริ่มระบบไม่ได้: ยังไม่ได้กำหนด ALLOWED_HOSTS — ใส่ชื่อเว็บไซต์ที่ประชาชนใช้เข้า เช่น ALLOWED_HOSTS=ita.example.go.th"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
