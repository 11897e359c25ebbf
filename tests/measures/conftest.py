"""Fixtures of the page tests."""

from collections.abc import Callable

import pytest
from django.test import Client

from measures.enums import Role
from tests.factories import World


@pytest.fixture
def as_role(world: World) -> Callable[[Role], Client]:
    """`as_role(role)`: a client that is logged in as the world's person of that role."""

    def log_in(role: Role) -> Client:
        client = Client()
        client.force_login(world.users[role])
        return client

    return log_in
