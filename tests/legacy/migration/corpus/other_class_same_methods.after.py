from persona_system import Tone


class Users:
    def get_persona(self, key):
        return "user " + key


users = Users()
RESULT = [users.get_persona("x"), Tone.CALM.value]
