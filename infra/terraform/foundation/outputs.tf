output "secrets" {
  description = "Secrets that wait for a version."
  value       = sort(keys(local.secrets))
}

output "deploy" {
  description = "The account that releases are made by."
  value       = google_service_account.deploy.email
}
