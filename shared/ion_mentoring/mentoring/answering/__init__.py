"""One answer: from a request to the reply of a mentor."""
