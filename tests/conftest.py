"""The fixtures that every room of the tests may use."""

import pytest

pytest_plugins = [
    "tests.real_parts.connections",
    "tests.real_parts.firestore",
    "tests.real_parts.pubsub",
    "tests.real_parts.valkey",
]

LONGEST = ("terraform", "bundles")  # rooms whose files take a minute


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that at the end no process waits for another's long file."""
    items.sort(key=lambda item: item.path.parent.name not in LONGEST)
