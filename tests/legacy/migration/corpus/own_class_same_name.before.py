from persona_system import Tone


class PersonaPipeline:
    def get_persona(self, key):
        return "mine"


RESULT = [PersonaPipeline().get_persona("x"), Tone.CALM.value]
