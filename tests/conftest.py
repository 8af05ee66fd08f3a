"""The fixtures that every room of the tests may use."""

pytest_plugins = ["tests.real_parts.firestore", "tests.real_parts.pubsub", "tests.real_parts.valkey"]
