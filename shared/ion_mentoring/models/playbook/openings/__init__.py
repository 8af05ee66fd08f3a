"""The stories in which people come with a situation, each with the first answer to it."""
