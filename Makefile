# make run: the demo · make test: everything that checks it · make setup: what both start with
.PHONY: setup run test lint bench lock

setup:
	@scripts/setup.sh --dev

run:
	@scripts/setup.sh
	@scripts/run.sh

test: setup lint
	@scripts/test.sh

lint: setup
	@scripts/lint.sh

bench: setup
	@.venv/bin/python -m bench.pages
	@.venv/bin/python -m bench.render
	@.venv/bin/python -m bench.exports

# Needs uv. Writes the locked requirements; --upgrade for newer versions: make lock LOCK=--upgrade
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(LOCK) requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(LOCK) -c requirements.txt requirements-dev.in -o requirements-dev.txt
