output "network" {
  description = "The network, and the tag of what may talk in it."
  value = {
    id   = google_compute_network.this.id
    name = google_compute_network.this.name
    tag  = local.tag
  }
}

output "accounts" {
  description = "E-mail addresses of the service accounts, by function, and of the others."
  value       = local.emails

  # Whoever runs something as one of them needs these to be there: Cloud Run looks when a service is made.
  depends_on = [google_service_account_iam_member.deploy, google_secret_manager_secret_iam_member.function, google_kms_crypto_key_iam_member.words]
}

output "database" {
  description = "The name and the place of the database."
  value       = { name = google_firestore_database.this.name, location = google_firestore_database.this.location_id }
}

output "store" {
  description = "STORE of docs/settings.md."
  value       = "firestore://${var.project.id}/${google_firestore_database.this.name}"
}

output "words_key" {
  description = "SEALING_KMS_KEY of docs/settings.md."
  value       = local.words_key
}

output "topics" {
  description = "Names of the topics that serve all regions."
  value       = { for name, topic in google_pubsub_topic.global : name => topic.name }
}

output "schemas" {
  description = "Schemas of regional topics, by the topic's name in functions.json."
  value       = { cache-warming = google_pubsub_schema.warming.id }
}

output "zone" {
  description = "The public zone."
  value       = google_dns_managed_zone.public.name
}

output "name_servers" {
  value = google_dns_managed_zone.public.name_servers
}
