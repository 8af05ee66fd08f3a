from persona_system import (  # the old package
    # the context
    ChatContext,
    # the pipeline
    get_pipeline,  # old face
    # the end
)

RESULT = [get_pipeline().router.route("calm-medium-learning").primary_persona, ChatContext("u", "s").user_id]
