output "address" {
  description = "Where clients ask."
  value       = "https://${var.domain}"
}

output "regions" {
  description = "Where each region answers by itself: for smoke tests and for looking at one."
  value       = { for region in keys(var.regions) : region => "https://${region}.${var.domain}" }
}

output "home" {
  description = "The region that works for all; a release reaches another one first."
  value       = local.home
}

output "signed" {
  description = "Whether releases have to sign what they build."
  value       = var.signed
}

output "name_servers" {
  description = "What the parent zone has to delegate the domain to."
  value       = module.global.name_servers
}

output "addresses" {
  description = "The load balancer's IPv4 and IPv6 addresses."
  value       = module.edge.addresses
}

output "functions" {
  description = "Where each function listens, by region and function."
  value       = { for region, made in module.region : region => made.functions }
}

output "bundles" {
  description = "What runs where, by region and function."
  value       = local.bundles
}

output "accounts" {
  description = "The service account that each function runs as."
  value       = module.global.accounts
}
