import pytest

from persona_system import PersonaPipeline


@pytest.fixture
def pipeline():
    return PersonaPipeline()


def test_persona(pipeline):
    assert pipeline.get_persona("calm-medium-learning") == "Elro"
