from persona_system import ChatContext, PersonaPipeline

p = PersonaPipeline()
context = ChatContext("u1", "s1")
RESULT = [
    p.build_prompt("도와주세요", "Nana", context),
    p.build_prompt("도와주세요", "Nana"),
    p.get_system_prompt("Nana"),
    p.get_user_prompt_template("Riri"),
]
