"""Conditions that several tables state in the same way."""

from django.db.models import Q


def exactly_one(*names: str) -> Q:
    """Exactly one of the nullable columns `names` is set."""
    return _any_of(names)


def at_most_one(*names: str) -> Q:
    """None or one of the nullable columns `names` is set."""
    return _any_of(names) | Q(**{f"{name}__isnull": True for name in names})


def only(name: str, *names: str) -> Q:
    """`name` is set and the others of `names` are not: the condition of one partial unique index."""
    return Q(**{f"{other}__isnull": other != name for other in names})


def _any_of(names: tuple[str, ...]) -> Q:
    condition = Q()
    for name in names:
        condition |= only(name, *names)
    return condition
