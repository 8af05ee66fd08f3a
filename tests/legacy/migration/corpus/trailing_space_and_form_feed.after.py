from persona_system import get_pipeline   

p = get_pipeline()   
RESULT = p.router.route("calm-medium-learning").primary_persona  


