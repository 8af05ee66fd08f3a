"""The endpoints of the functions on Pub/Sub."""
