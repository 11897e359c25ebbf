#!/usr/bin/env bash
# Runs the demo on this machine only: http://127.0.0.1:8000, or another PORT.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${SECRET_KEY:-}" ] && ! [ -s "${VAR_DIR:=var}/secret_key" ]; then
    mkdir -p "$VAR_DIR"
    (umask 077; .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))' >"$VAR_DIR/secret_key")
fi
DEMO=1 exec .venv/bin/python manage.py serve
