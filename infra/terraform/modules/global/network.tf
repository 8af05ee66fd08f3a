# One network without a public address in it, and the names by which the functions find each other inside.

resource "google_compute_network" "this" {
  project                         = var.project.id
  name                            = "ion"
  description                     = "Between the functions of ION Mentoring, and to their caches."
  auto_create_subnetworks         = false
  delete_default_routes_on_create = true # nothing in it talks to the internet; what does leaves Cloud Run directly
  routing_mode                    = "REGIONAL"
}

# The one way out: Google's own services at their private addresses.
resource "google_compute_route" "google" {
  project          = var.project.id
  name             = "ion-google"
  network          = google_compute_network.this.name
  dest_range       = "199.36.153.8/30"
  next_hop_gateway = "default-internet-gateway" # private.googleapis.com; it stays in Google's network
}

resource "google_compute_firewall" "cache" {
  project            = var.project.id
  name               = "ion-functions-to-cache"
  description        = "Functions reach L2's endpoints (6379, cluster nodes above 11000) and other functions (443)."
  network            = google_compute_network.this.name
  direction          = "EGRESS"
  priority           = 1000
  target_tags        = [local.tag]
  destination_ranges = ["10.0.0.0/8", "199.36.153.8/30"]

  allow {
    protocol = "tcp"
    ports    = ["443", "6379", "11000-13047"]
  }
}

resource "google_compute_firewall" "nothing_else_out" {
  project            = var.project.id
  name               = "ion-nothing-else-out"
  network            = google_compute_network.this.name
  direction          = "EGRESS"
  priority           = 65000
  destination_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }

  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}

resource "google_compute_firewall" "nothing_in" {
  project       = var.project.id
  name          = "ion-nothing-in"
  network       = google_compute_network.this.name
  direction     = "INGRESS"
  priority      = 65000
  source_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }

  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}

# Calls from function to function take the network, and so count as internal: *.run.app is at Google's private addresses here.
resource "google_dns_managed_zone" "run" {
  project     = var.project.id
  name        = "ion-run"
  dns_name    = "run.app."
  description = "The functions' own URLs, inside."
  visibility  = "private"

  private_visibility_config {
    networks {
      network_url = google_compute_network.this.id
    }
  }
}

resource "google_dns_record_set" "run" {
  project      = var.project.id
  managed_zone = google_dns_managed_zone.run.name
  name         = "*.run.app."
  type         = "A"
  ttl          = 300
  rrdatas      = [for last in range(8, 12) : "199.36.153.${last}"]
}

# The public zone; the parent zone has to delegate to its name servers.
resource "google_dns_managed_zone" "public" {
  project     = var.project.id
  name        = "ion-public"
  dns_name    = "${var.domain}."
  description = "The one address of ION Mentoring."

  dnssec_config {
    state = "on"
  }

  cloud_logging_config {
    enable_logging = true
  }
}
