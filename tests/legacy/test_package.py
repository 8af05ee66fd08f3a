"""The package as programs import it, and its place beside the functions."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.version import Version

import persona_system
from infra.bundle import bundle
from infra.bundling.library import Library
from infra.bundling.lock import read_pins
from infra.bundling.pins import Installed
from infra.functions import read_map
from infra.user_error import UserError

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = [
    "PersonaResponse",
    "PersonaConfig",
    "RoutingResult",
    "ToneAnalysis",
    "RhythmAnalysis",
    "ChatContext",
    "Pace",
    "Tone",
    "Intent",
    "AbstractRouter",
    "AbstractPersona",
    "AbstractPromptBuilder",
    "AbstractAnalyzer",
    "AbstractMiddleware",
    "AnalysisResult",
    "LuaPersona",
    "ElroPersona",
    "RiriPersona",
    "NanaPersona",
    "ResonanceBasedRouter",
    "BasePromptBuilder",
    "LuaPromptBuilder",
    "ElroPromptBuilder",
    "RiriPromptBuilder",
    "NanaPromptBuilder",
    "PromptBuilderFactory",
    "PersonaPipeline",
    "NewPersonaPipeline",
    "get_pipeline",
    "reset_pipeline",
    "get_legacy_pipeline",
    "reset_legacy_pipeline",
]
PATHS = {
    "models": ("ChatContext", "Tone", "PersonaResponse"),
    "base": ("AbstractRouter", "AnalysisResult"),
    "personas": ("LuaPersona", "NanaPersona"),
    "router": ("ResonanceBasedRouter",),
    "router.resonance_router": ("ResonanceBasedRouter",),
    "prompts": ("PromptBuilderFactory", "LuaPromptBuilder"),
    "prompts.builders": ("BasePromptBuilder", "ElroPromptBuilder"),
    "pipeline": ("PersonaPipeline", "NewPersonaPipeline", "get_pipeline", "reset_pipeline"),
    "legacy": ("PersonaPipeline", "get_legacy_pipeline", "reset_legacy_pipeline"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_there_and_listed(name: str) -> None:
    assert hasattr(persona_system, name)
    assert name in persona_system.__all__


@pytest.mark.parametrize("path", PATHS)
def test_a_module_has_the_names_of_the_package(path: str) -> None:
    module = importlib.import_module(f"persona_system.{path}")
    for name in PATHS[path]:
        assert getattr(module, name) is getattr(persona_system, name)


def test_a_star_brings_the_names() -> None:
    program = f"from persona_system import *\nfor name in {NAMES!r}: assert name in globals(), name"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_version_is_above_the_last_of_the_old_one() -> None:
    assert Version(persona_system.__version__) > Version("2.1.0")


def test_importing_and_routing_costs_no_web_framework() -> None:
    program = (
        "import sys, persona_system as p; p.get_pipeline().router.route('calm-medium-learning');"
        "sys.exit('starlette' in sys.modules or 'httpx2' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("name", read_map(REPOSITORY))
def test_no_function_has_it_in_its_bundle(name: str) -> None:
    made = bundle(Library(REPOSITORY), name, read_pins(REPOSITORY), Installed())
    assert not [file for file in (*made.closure.modules, *made.closure.data) if "persona_system" in file.parts]


def test_a_function_that_imports_it_is_refused(tmp_path: Path) -> None:
    for part in ("shared", "infra/terraform/functions.json", "requirements.txt"):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / part).symlink_to(REPOSITORY / part)
    main = tmp_path / "functions/lua/main.py"
    main.parent.mkdir(parents=True)
    main.write_text("import persona_system\n", encoding="utf-8")
    with pytest.raises(UserError, match="persona_system"):
        bundle(Library(tmp_path), "lua", read_pins(REPOSITORY), Installed())
