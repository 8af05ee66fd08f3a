from persona_system import get_pipeline

RESULT = (
    get_pipeline()
    # who answers
    .router.route(
        "calm-medium-learning",  # the key
    ).primary_persona
    .upper()
)
