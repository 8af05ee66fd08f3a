"""The old face of the pipeline."""

import subprocess
import sys
import warnings
from datetime import datetime

import pytest

from persona_system import (
    ChatContext,
    NewPersonaPipeline,
    PersonaPipeline,
    PromptBuilderFactory,
    ResonanceBasedRouter,
    get_legacy_pipeline,
    get_pipeline,
    reset_legacy_pipeline,
)
from persona_system.pipeline import face

KEY = "frustrated-burst-seek_advice"
NAMES = ["Lua", "Elro", "Riri", "Nana"]


@pytest.fixture
def pipeline() -> PersonaPipeline:
    return PersonaPipeline()


def test_it_answers(pipeline: PersonaPipeline) -> None:
    response = pipeline.process("회의가 너무 많아요", KEY, ChatContext("u", "s"), {"a": 1})
    assert (response.persona_used, response.confidence) == ("Lua", pipeline.get_confidence(KEY))
    assert response.metadata["user_provided_metadata"] == {"a": 1}


def test_it_tells_the_parts_of_a_route(pipeline: PersonaPipeline) -> None:
    assert pipeline.get_persona(KEY) == "Lua"
    assert pipeline.get_confidence(KEY) == pytest.approx(0.823)
    assert pipeline.get_all_scores(KEY) == {"Lua": 1.0, "Elro": 0.44, "Riri": 0.59, "Nana": 0.59}
    assert pipeline.get_secondary_persona(KEY) == "Riri"
    assert pipeline.get_persona("nonsense") == "Elro"


def test_routed_keys_are_kept_until_they_are_cleared(pipeline: PersonaPipeline) -> None:
    assert len(pipeline._cache) == 0
    pipeline.get_persona(KEY)
    pipeline.get_confidence(KEY)
    pipeline.get_persona("calm-medium-learning")
    assert set(pipeline._cache) == {KEY, "calm-medium-learning"}
    pipeline.get_all_scores(KEY)["Lua"] = 0.0
    assert pipeline.get_all_scores(KEY)["Lua"] == 1.0
    pipeline.clear_cache()
    assert pipeline._cache == {}


def test_no_string_is_not_kept(pipeline: PersonaPipeline) -> None:
    assert pipeline.get_persona([]) == "Lua"  # type: ignore[arg-type]
    assert pipeline._cache == {}


def test_the_kept_keys_are_bounded(pipeline: PersonaPipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "MOST_KEPT", 2)
    assert {pipeline.get_persona(f"nonsense {number}") for number in range(5)} == {"Elro"}
    assert len(pipeline._cache) == 2


@pytest.mark.parametrize("name", NAMES)
def test_it_builds_prompts(pipeline: PersonaPipeline, name: str) -> None:
    prompt = pipeline.build_prompt("도와주세요", name, ChatContext("u-9", "s"))
    for part in ("도와주세요", name, "calm", "medium", "learning", "User ID: u-9"):
        assert part in prompt
    assert name in pipeline.get_system_prompt(name)
    assert "{" in pipeline.get_user_prompt_template(name)
    config = pipeline.get_persona_config(name)
    assert set(config) == {"name", "traits", "strengths", "description"}
    assert config["name"] == name


@pytest.mark.parametrize("method", ["get_system_prompt", "get_user_prompt_template", "get_persona_config"])
def test_an_unknown_persona_is_refused(pipeline: PersonaPipeline, method: str) -> None:
    with pytest.raises(ValueError, match="persona"):
        getattr(pipeline, method)("Unknown")
    with pytest.raises(ValueError, match="persona"):
        pipeline.build_prompt("x", "Unknown")


def test_it_leads_to_the_new_parts(pipeline: PersonaPipeline) -> None:
    assert pipeline.get_new_pipeline() is get_pipeline()
    assert type(pipeline.get_new_pipeline()) is NewPersonaPipeline
    assert isinstance(pipeline.get_router(), ResonanceBasedRouter)
    assert list(pipeline.get_personas()) == NAMES == pipeline.get_available_personas()
    assert pipeline.get_prompt_factory() is PromptBuilderFactory
    guide = pipeline.migrate_to_new_api()
    assert "get_pipeline" in guide
    assert "new" in guide
    assert "WARNING" in pipeline.get_deprecation_warning()
    assert pipeline.validate_resonance_key(KEY)
    assert not pipeline.validate_resonance_key("nonsense")


def test_it_counts(pipeline: PersonaPipeline) -> None:
    pipeline.get_persona(KEY)
    assert pipeline.get_statistics() == {
        "cache_size": 1,
        "cached_keys": [KEY],
        "available_personas": NAMES,
        "total_personas": 4,
    }


def test_it_tells_all_about_a_key(pipeline: PersonaPipeline) -> None:
    told = pipeline.get_debug_info(KEY)
    assert datetime.fromisoformat(told.pop("timestamp"))
    assert "Lua" in told.pop("reasoning")
    assert told == {
        "resonance_key": KEY,
        "primary_persona": "Lua",
        "secondary_persona": "Riri",
        "confidence": 0.823,
        "all_scores": {"Lua": 1.0, "Elro": 0.44, "Riri": 0.59, "Nana": 0.59},
    }


def test_there_is_one_until_it_is_reset() -> None:
    first = get_legacy_pipeline()
    assert get_legacy_pipeline() is first
    reset_legacy_pipeline()
    assert get_legacy_pipeline() is not first


def test_it_warns_once_where_the_program_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face._WARNING, "given", False)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        PersonaPipeline()
        PersonaPipeline()
        get_legacy_pipeline()
    (only,) = heard
    assert only.category is DeprecationWarning
    assert only.filename == __file__
    assert "get_pipeline" in str(only.message)


def test_the_new_pipeline_warns_of_nothing() -> None:
    program = "import persona_system as p; p.get_pipeline().router.route('x'); p.PersonaPipeline"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
