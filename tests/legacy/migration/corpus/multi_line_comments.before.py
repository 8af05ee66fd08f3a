from persona_system import (  # the old package
    # the context
    ChatContext,
    # the pipeline
    PersonaPipeline,  # old face
    # the end
)

RESULT = [PersonaPipeline().get_persona("calm-medium-learning"), ChatContext("u", "s").user_id]
