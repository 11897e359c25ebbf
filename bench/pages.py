"""How many times a bare view a page costs: the dashboard and the work list of the largest demo plan."""

import os
import statistics
import tempfile
import time
from pathlib import Path

ROUNDS = 40


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "ita_portal.settings",
            "DATABASE_URL": f"sqlite:///{Path(scratch) / 'bench.sqlite3'}",
            "VAR_DIR": scratch,
            "DEMO": "1",
            "SECRET_KEY": "bench-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        }
        measure()


def measure() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import Count
    from django.test import Client
    from django.urls import reverse

    from measures.enums import Role
    from measures.models import Membership, Plan

    with open(os.devnull, "w") as nowhere:
        call_command("migrate", verbosity=0)
        call_command("sync_frameworks", stdout=nowhere)
        call_command("load_demo", stdout=nowhere)
    plan = Plan.objects.annotate(items=Count("work_items")).order_by("-items").select_related("agency").first()
    assert plan is not None
    clerk = Membership.objects.select_related("user").get(agency=plan.agency, role=Role.CLERK).user
    client = Client(headers={"Host": "localhost"})
    client.force_login(clerk)
    arguments = [plan.agency.slug, plan.year]
    pages = {
        "bare view": reverse("healthz"),
        "dashboard": reverse("dashboard", args=arguments),
        "work list": reverse("work", args=arguments),
    }
    times = {name: time_of(client, url) for name, url in pages.items()}
    bare = times["bare view"]
    print(f"largest demo plan: {plan.work_items.count()} work items; median of {ROUNDS} requests")
    for name, seconds in times.items():
        print(f"{name:<12} {seconds * 1000:8.2f} ms   x{seconds / bare:.1f}")
    connection.close()


def time_of(client, url: str) -> float:  # type: ignore[no-untyped-def]  Django's client, imported after set-up
    """Median seconds of a request, after one that warms caches and templates."""
    taken = []
    for number in range(ROUNDS + 1):
        begun = time.perf_counter()
        status = client.get(url).status_code
        if status != 200:
            raise SystemExit(f"{url}: status {status}")
        if number:
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
