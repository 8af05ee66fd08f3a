"""What is handed on to be worked on later: messages to topics."""
