output "dead" {
  description = "The subscription where dead letters wait."
  value       = google_pubsub_subscription.dead.name
}
