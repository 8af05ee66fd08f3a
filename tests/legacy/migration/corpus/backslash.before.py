from persona_system import Tone, \
    PersonaPipeline

RESULT = [PersonaPipeline().get_persona("calm-medium-learning"), Tone.CALM.value]
