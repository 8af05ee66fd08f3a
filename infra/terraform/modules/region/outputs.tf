output "services" {
  description = "The services of the workers, by function."
  value       = { for name, made in module.worker : name => made.service }
}

output "router_group" {
  description = "The network endpoint group of this region's router."
  value       = google_compute_region_network_endpoint_group.router.id
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
