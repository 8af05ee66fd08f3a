from persona_system import PersonaPipeline


def check(thing):
    return isinstance(thing, PersonaPipeline)


RESULT = [check(PersonaPipeline()), check(3)]
