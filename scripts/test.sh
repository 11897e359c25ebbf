#!/usr/bin/env bash
# The tests, on SQLite or on DATABASE_URL. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."

unset DEBUG DEMO DEMO_TODAY SECRET_KEY ALLOWED_HOSTS VAR_DIR
exec .venv/bin/python -m pytest -n 2 --dist worksteal "$@"
