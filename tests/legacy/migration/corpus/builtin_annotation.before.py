from persona_system import PersonaPipeline


class Named(str):
    def get_persona(self, key):
        return "named"


def persona_of(name: Named, key: str) -> str:
    return name.get_persona(key)


RESULT = [persona_of(Named("x"), "y"), PersonaPipeline().get_persona("calm-medium-learning")]
