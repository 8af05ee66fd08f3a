from persona_system import get_pipeline, NewPersonaPipeline


def make() -> NewPersonaPipeline:
    return get_pipeline()


RESULT = make().router.route("calm-medium-learning").primary_persona
