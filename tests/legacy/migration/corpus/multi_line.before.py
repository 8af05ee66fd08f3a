from persona_system import (
    ChatContext,
    PersonaPipeline,
    Tone,
)

RESULT = [PersonaPipeline().get_persona("calm-medium-learning"), ChatContext("u", "s").user_id, Tone.CALM.value]
