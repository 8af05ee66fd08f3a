"""Words to say or to send, made of what the person wants to have said."""
