"""What is said over HTTP and in messages: requests and views."""
