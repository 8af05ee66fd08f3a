"""The contract over HTTP and in messages: requests and views."""
