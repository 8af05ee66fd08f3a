from persona_system import get_pipeline

p = get_pipeline()
match p.router.route("calm-medium-learning").primary_persona:
    case "Elro":
        RESULT = p.router.route("calm-medium-learning").confidence
    case _:
        RESULT = None
