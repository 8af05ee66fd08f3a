from persona_system import Tone, \
    get_pipeline

RESULT = [get_pipeline().router.route("calm-medium-learning").primary_persona, Tone.CALM.value]
