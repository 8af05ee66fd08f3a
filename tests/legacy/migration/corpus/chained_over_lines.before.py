from persona_system import PersonaPipeline

RESULT = (
    PersonaPipeline()
    # who answers
    .get_persona(
        "calm-medium-learning",  # the key
    )
    .upper()
)
