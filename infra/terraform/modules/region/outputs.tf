output "services" {
  description = "The services of the workers, by function."
  value       = { for name, made in module.worker : name => made.service }
}

output "router" {
  description = "How this region's router is reached: its network endpoint group, and the backend service of this region alone."
  value = {
    group   = google_compute_region_network_endpoint_group.router.id
    backend = google_compute_backend_service.router.id
  }
}

output "cache" {
  description = "The name of the Memorystore instance."
  value       = google_memorystore_instance.cache.instance_id
}

output "dead" {
  description = "Subscriptions where dead letters of this region's own topics wait, by topic."
  value       = { for name, made in module.delivery : "${name}-${var.region}" => made.dead }
}

output "functions" {
  description = "Every function's URL."
  value       = { for name, made in merge(module.router, module.persona, module.worker) : name => made.service.url }
}
