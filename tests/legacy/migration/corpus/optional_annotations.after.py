from typing import Optional, Union

import persona_system
from persona_system import get_pipeline, NewPersonaPipeline


def first(engine: Optional[NewPersonaPipeline] = None) -> str:
    return (engine or get_pipeline()).router.route("calm-medium-learning").primary_persona


def second(engine: "Optional[NewPersonaPipeline]" = None) -> Union[str, None]:
    return engine.router.route("calm-medium-learning").primary_persona if engine else None


def third(engine: persona_system.NewPersonaPipeline | None) -> float:
    return engine.router.route("calm-medium-learning").confidence if engine else 0.0


RESULT = [first(), second(get_pipeline()), third(get_pipeline()), third(None)]
