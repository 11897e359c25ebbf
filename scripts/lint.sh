#!/usr/bin/env bash
# Everything that can be said about the code without running the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export SECRET_KEY="lint-only-$(head -c 48 /dev/urandom | base64 -w0)" VAR_DIR="$scratch"
unset DEBUG DEMO DATABASE_URL

ruff check --quiet
ruff format --check --quiet
djlint --lint templates
mypy --no-error-summary
DEMO=1 python manage.py makemigrations --check --dry-run
DEMO=1 python manage.py check --fail-level WARNING
ALLOWED_HOSTS=ita.example.go.th python manage.py check --deploy --fail-level WARNING
