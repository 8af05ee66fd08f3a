from persona_system import get_pipeline, NewPersonaPipeline


def check(thing):
    return isinstance(thing, NewPersonaPipeline)


RESULT = [check(get_pipeline()), check(3)]
