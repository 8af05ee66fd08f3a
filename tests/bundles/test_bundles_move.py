"""A change moves the bundles that can reach it, and no other."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from infra import persona
from infra.bundle import Bundle, bundles
from infra.bundling.pins import Installed
from infra.functions import read_map

REPOSITORY = Path(__file__).resolve().parents[2]
PERSONAS = sorted(name for name, entry in read_map(REPOSITORY).items() if entry["kind"] == "persona")
ROSTER = PurePosixPath("ion_mentoring/personas/roster.py")
ROUTING = PurePosixPath("ion_mentoring/personas/routing.py")
CARDS = "ion_mentoring/personas/cards"

# What a persona function shares with the router drags the roster along, and with it every card: wiring/persona.py takes
# local_mentor from wiring/mentors.py, handlers/persona.py takes elapsed_ms from handlers/contract/views.py.

Made = Mapping[str, Bundle]


def make(root: Path, installed: Installed) -> Made:
    return {one.name: one for one in bundles(root, installed=installed)}


def moved(before: Made, after: Made) -> set[str]:
    return {name for name in after if name not in before or after[name].file != before[name].file}


def holders(made: Made, file: PurePosixPath) -> set[str]:
    return {name for name, one in made.items() if file in (*one.closure.modules, *one.closure.data)}


def append(root: Path, file: PurePosixPath, text: str = "\n# changed\n") -> None:
    with (root / "shared" / file).open("a", encoding="utf-8") as opened:
        opened.write(text)


def test_a_copy_elsewhere_makes_the_same_bundles(copy: Path, made: Made, installed: Installed) -> None:
    assert moved(made, make(copy, installed)) == set()


@pytest.mark.parametrize(
    ("module", "at_least"),
    [
        (str(ROUTING), {"router", "batch", "warming"}),
        ("ion_mentoring/handlers/api/site.py", {"router"}),
        ("ion_mentoring/mentoring/warming/popular.toml", {"warming"}),
        ("ion_mentoring/personas/card.py", {"router", "batch", "warming", *PERSONAS}),
        ("ion_mentoring/wiring/persona.py", set(PERSONAS)),
        ("ion_mentoring/local/serve.py", set()),
    ],
)
def test_a_change_moves_those_that_hold_the_file(
    copy: Path, made: Made, installed: Installed, module: str, at_least: set[str]
) -> None:
    append(copy, PurePosixPath(module))
    assert moved(made, make(copy, installed)) == holders(made, PurePosixPath(module)) >= at_least


def test_a_page_of_the_router_moves_the_router_alone(copy: Path, made: Made, installed: Installed) -> None:
    append(copy, PurePosixPath("ion_mentoring/handlers/api/pages/style.css"), "\n")
    assert moved(made, make(copy, installed)) == {"router"}


@pytest.mark.parametrize("name", PERSONAS)
def test_a_card_moves_its_persona_and_the_holders_of_the_roster(
    copy: Path, made: Made, installed: Installed, name: str
) -> None:
    append(copy, PurePosixPath(CARDS, f"{name}.toml"))
    assert moved(made, make(copy, installed)) == {name} | holders(made, ROSTER)


def test_a_persona_is_added_without_moving_those_that_hold_no_roster(copy: Path, made: Made, installed: Installed) -> None:
    assert persona.main(["sena", "--root", str(copy)]) == 0
    after = make(copy, installed)
    assert moved(made, after) == {"sena"} | holders(made, ROSTER)
    assert PurePosixPath(CARDS, "sena.toml") in after["sena"].closure.data


def test_what_is_no_part_of_a_function_moves_nothing(copy: Path, made: Made, installed: Installed) -> None:
    (copy / "README.md").write_text("changed")
    (copy / "functions/router/notes.md").write_text("changed")
    (copy / "infra/bundle.py").write_text("changed")
    with (copy / "requirements.txt").open("a") as lock:
        lock.write(f"# changed\nnobody-needs-this==1.0 --hash=sha256:{'0' * 64}\n")
    assert moved(made, make(copy, installed)) == set()


@pytest.mark.parametrize("name", PERSONAS)
def test_a_persona_bundle_holds_no_vendor_of_the_router(made: Made, name: str) -> None:
    pinned = {pin.name for pin in made[name].pins}
    assert not pinned & {"google-cloud-firestore", "grpcio", "valkey", "flask-swagger-ui"}


@pytest.mark.parametrize("name", PERSONAS)
def test_a_persona_bundle_holds_its_own_card_and_no_other(made: Made, name: str) -> None:
    cards = [str(file) for file in made[name].closure.data if file.is_relative_to(CARDS)]
    others = sorted(file.name for file in (REPOSITORY / "shared" / CARDS / "variants").glob(f"{name}-*.toml"))
    assert cards == [f"{CARDS}/{name}.toml", *(f"{CARDS}/variants/{other}" for other in others)]


def test_routing_is_no_business_of_a_persona(made: Made) -> None:
    assert holders(made, ROUTING).isdisjoint(PERSONAS)


def test_each_function_holds_its_vendors(made: Made) -> None:
    for name in ("router", "batch", "warming"):
        pinned = {pin.name for pin in made[name].pins}
        assert {"google-cloud-firestore", "valkey", "sentry-sdk", "uvloop", "httptools"} <= pinned
    assert "pyjwt" in {pin.name for pin in made["router"].pins}
