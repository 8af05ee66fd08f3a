from typing import Any, cast

from persona_system import PersonaPipeline

thing: Any = PersonaPipeline()
RESULT = cast("PersonaPipeline", thing).get_persona("calm-medium-learning")
