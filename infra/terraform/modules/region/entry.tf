# What the load balancer sees of this region.
#
# Both turn around their end: what leads here lets go of them first (create_before_destroy). All that they stand on inherits that, so
# the router is named and not referred to: a function or a cache that failed while it was made could not be replaced create-first,
# since its name is taken. Whoever leads here refers to all of this region, and so waits for its router.

# No URL mask and no tag: with one, there is no health of the service.
resource "google_compute_region_network_endpoint_group" "router" {
  project               = var.project.id
  region                = var.region
  name                  = "ion-router-${var.region}"
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = "ion-${replace(keys(local.by_kind["router"])[0], "_", "-")}"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# This region by itself: for uptime checks, smoke tests, and for looking at a region that clients were led away from.
resource "google_compute_backend_service" "router" {
  project               = var.project.id
  name                  = "ion-router-${var.region}"
  load_balancing_scheme = "EXTERNAL_MANAGED" # provider 8 changed the default: always said
  protocol              = "HTTPS"
  security_policy       = var.edge.policy

  backend {
    group = google_compute_region_network_endpoint_group.router.id
  }

  log_config {
    enable      = true
    sample_rate = var.edge.log_share
  }

  lifecycle {
    create_before_destroy = true
  }
}
