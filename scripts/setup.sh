#!/usr/bin/env bash
# Makes .venv and sees to the system libraries; a second run finds the stamp and does nothing.
#   scripts/setup.sh          what the portal needs to run
#   scripts/setup.sh --dev    and what its tests need
set -euo pipefail
cd "$(dirname "$0")/.."

level=run requirements=requirements.txt
if [ "${1:-}" = "--dev" ]; then level=dev requirements=requirements-dev.txt; fi

python=${PYTHON:-python3}
fingerprint=$(cat scripts/setup.sh requirements.txt requirements-dev.txt | sha256sum | cut -d' ' -f1)
wanted="$fingerprint $("$python" --version 2>&1)"
stamped() { [ -x .venv/bin/python ] && [ "$(cat ".venv/.stamp-$1" 2>/dev/null)" = "$wanted" ]; }
if stamped dev || stamped $level; then
    # Chromium may be added later: root gets it now, everybody else is told by the tests that it is not there.
    if [ $level = run ] || [ -x /usr/bin/chromium ] || [ "$(id -u)" != 0 ]; then exit 0; fi
fi

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "ต้องใช้ Python 3.11 ขึ้นไป แต่เครื่องนี้มี $("$python" --version 2>&1) — กำหนดตัวอื่นได้ด้วย PYTHON=python3.12 make …" >&2
    exit 1
fi

has_library() { (PATH="$PATH:/sbin:/usr/sbin"; ldconfig -p 2>/dev/null) | grep "$1" >/dev/null; }

needed=() optional=()
"$python" -c 'import venv, ensurepip' 2>/dev/null || needed+=(python3-venv)
has_library libpango-1.0.so.0 || needed+=(libpango-1.0-0)
has_library libpangoft2-1.0.so.0 || needed+=(libpangoft2-1.0-0)
has_library libharfbuzz-subset.so.0 || needed+=(libharfbuzz-subset0)
if [ "$level" = dev ]; then
    command -v pdftotext >/dev/null || needed+=(poppler-utils)
    [ -x /usr/bin/chromium ] || optional+=(chromium)
fi
missing=("${needed[@]}" "${optional[@]}")

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "กำลังติดตั้ง: ${missing[*]}"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    elif [ ${#needed[@]} -gt 0 ]; then
        echo "ยังขาดไลบรารีของระบบ ให้ผู้ดูแลเครื่องสั่งคำสั่งนี้หนึ่งครั้ง แล้วสั่ง make อีกครั้ง:" >&2
        echo "    sudo apt-get install -y ${missing[*]}" >&2
        exit 1
    else
        echo "ไม่มี Chromium: การทดสอบในเบราว์เซอร์จะไม่ถูกเรียก ติดตั้งด้วย: sudo apt-get install -y ${optional[*]}"
    fi
fi

if ! [ -x .venv/bin/python ] || [ "$(.venv/bin/python --version 2>&1)" != "$("$python" --version 2>&1)" ]; then
    "$python" -m venv --clear .venv
fi
echo "กำลังติดตั้งไลบรารี Python ($requirements) …"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
echo "$wanted" >".venv/.stamp-$level"
