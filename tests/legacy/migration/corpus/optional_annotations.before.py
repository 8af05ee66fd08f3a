from typing import Optional, Union

import persona_system
from persona_system import PersonaPipeline


def first(engine: Optional[PersonaPipeline] = None) -> str:
    return (engine or PersonaPipeline()).get_persona("calm-medium-learning")


def second(engine: "Optional[PersonaPipeline]" = None) -> Union[str, None]:
    return engine.get_persona("calm-medium-learning") if engine else None


def third(engine: persona_system.PersonaPipeline | None) -> float:
    return engine.get_confidence("calm-medium-learning") if engine else 0.0


RESULT = [first(), second(PersonaPipeline()), third(PersonaPipeline()), third(None)]
