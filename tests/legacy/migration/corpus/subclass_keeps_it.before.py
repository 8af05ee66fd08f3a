from persona_system import PersonaPipeline


class Loud(PersonaPipeline):
    def get_persona(self, resonance_key):
        return super().get_persona(resonance_key).upper()


RESULT = Loud().get_persona("calm-medium-learning")
