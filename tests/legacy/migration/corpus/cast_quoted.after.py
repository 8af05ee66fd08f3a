from typing import Any, cast

from persona_system import get_pipeline, NewPersonaPipeline

thing: Any = get_pipeline()
RESULT = cast("NewPersonaPipeline", thing).router.route("calm-medium-learning").primary_persona
