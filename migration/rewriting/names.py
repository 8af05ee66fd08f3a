"""The names of the old face of the pipeline, and what becomes of them."""

import re
from collections.abc import Mapping
from typing import Final

PACKAGE: Final = "persona_system"
OLD_CLASS: Final = "PersonaPipeline"
NEW_CLASS: Final = "NewPersonaPipeline"
NEW_GETTER: Final = "get_pipeline"
FUNCTIONS: Final[Mapping[str, str]] = {"get_legacy_pipeline": NEW_GETTER, "reset_legacy_pipeline": "reset_pipeline"}
OLD: Final = frozenset({OLD_CLASS, *FUNCTIONS})
MAKES: Final = frozenset({OLD_CLASS, "get_legacy_pipeline"})
OLD_MODULE: Final = "legacy"
NEW_MODULE: Final = "pipeline"

# A method that has the same result as a part of the route of its argument, and that part.
OF_A_ROUTE: Final[Mapping[str, str]] = {
    "get_persona": "primary_persona",
    "get_confidence": "confidence",
    "get_all_scores": "all_scores",
    "get_secondary_persona": "secondary_persona",
}
# A method without arguments that is an attribute of the new pipeline.
ATTRIBUTES: Final[Mapping[str, str]] = {
    "get_router": "router",
    "get_personas": "personas",
    "get_prompt_factory": "prompt_factory",
}
# A method of one persona's prompt builder.
OF_A_BUILDER: Final[Mapping[str, str]] = {
    "get_system_prompt": "get_system_prompt",
    "get_user_prompt_template": "get_template",
}
OTHER_CALLS: Final = frozenset({"build_prompt", "get_available_personas", "get_new_pipeline"})
CONVERTED: Final = frozenset({*OF_A_ROUTE, *ATTRIBUTES, *OF_A_BUILDER, *OTHER_CALLS})
# What the new pipeline has no equal for: a program that calls it keeps the old face.
WITHOUT_EQUAL: Final = frozenset(
    {
        "_cache",
        "clear_cache",
        "get_debug_info",
        "get_deprecation_warning",
        "get_persona_config",
        "get_statistics",
        "migrate_to_new_api",
    }
)
METHODS: Final = CONVERTED | WITHOUT_EQUAL
TELLING: Final = re.compile(rb"\.\s*(?:get_persona|get_confidence|get_all_scores|get_secondary_persona)\s*\(")

IN_A_STRING: Final = re.compile(rb"[\"'][\w.]+\.(?:" + b"|".join(name.encode() for name in sorted(OLD)) + rb")[\"']")

_QUALIFIED: Final = re.compile(rf"{PACKAGE}(?:\.(?:{NEW_MODULE}|{OLD_MODULE}))?\.({'|'.join(sorted(OLD))})")


def old_name(qualified: str) -> str | None:
    """The old name that a qualified one stands for, as in `persona_system.legacy.get_legacy_pipeline`; None for any other."""
    found = _QUALIFIED.fullmatch(qualified)
    return found[1] if found else None


def is_ours(module: str) -> bool:
    """True for the package and the modules in it."""
    return module == PACKAGE or module.startswith(f"{PACKAGE}.")
