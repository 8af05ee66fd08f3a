output "router" {
  description = "The backend service of all regions' routers."
  value       = google_compute_backend_service.router.name
}

output "policy" {
  description = "The Cloud Armor policy that stands before every router."
  value       = google_compute_security_policy.this.id
}

output "addresses" {
  value = { for version, address in google_compute_global_address.this : version => address.address }
}
