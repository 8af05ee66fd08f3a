from persona_system import PersonaPipeline


class Other:
    def get_persona(self, key):
        return "other"


p = PersonaPipeline()
RESULT = [p.get_persona("calm-medium-learning")]
p = Other()
RESULT.append(p.get_persona("calm-medium-learning"))
