from persona_system import get_pipeline


class Named(str):
    def get_persona(self, key):
        return "named"


def persona_of(name: Named, key: str) -> str:
    return name.get_persona(key)


RESULT = [persona_of(Named("x"), "y"), get_pipeline().router.route("calm-medium-learning").primary_persona]
