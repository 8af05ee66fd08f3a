"""The stories in which people come with a danger, each with the first answer to it."""
