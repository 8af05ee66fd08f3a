from persona_system import (
    ChatContext,
    get_pipeline,
    Tone,
)

RESULT = [get_pipeline().router.route("calm-medium-learning").primary_persona, ChatContext("u", "s").user_id, Tone.CALM.value]
