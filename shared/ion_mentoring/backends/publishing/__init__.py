"""Publishing: messages to topics, to be worked on later."""
