from persona_system import ChatContext, get_pipeline

p = get_pipeline()
context = ChatContext("u1", "s1")
RESULT = [
    p.prompt_factory.create("Nana").build("도와주세요", "calm-medium-learning", context),
    p.prompt_factory.create("Nana").build("도와주세요", "calm-medium-learning"),
    p.prompt_factory.create("Nana").get_system_prompt(),
    p.prompt_factory.create("Riri").get_template(),
]
