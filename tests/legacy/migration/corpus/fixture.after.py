import pytest

from persona_system import get_pipeline


@pytest.fixture
def pipeline():
    return get_pipeline()


def test_persona(pipeline):
    assert pipeline.router.route("calm-medium-learning").primary_persona == "Elro"
