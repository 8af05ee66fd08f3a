from persona_system import PersonaPipeline

p = PersonaPipeline()
match p.get_persona("calm-medium-learning"):
    case "Elro":
        RESULT = p.get_confidence("calm-medium-learning")
    case _:
        RESULT = None
