# L2: Memorystore for Valkey behind Private Service Connect, with TLS and IAM. What is in it can be lost.

resource "google_network_connectivity_service_connection_policy" "cache" {
  project       = var.project.id
  location      = var.region
  name          = "ion-cache-${var.region}"
  description   = "Lets Memorystore put its endpoints into this region's network."
  network       = var.network.id
  service_class = "gcp-memorystore"

  psc_config {
    subnetworks = [google_compute_subnetwork.functions.id]
    limit       = tostring(2 * (var.cache.shards + 1))
  }
}

resource "google_memorystore_instance" "cache" {
  project     = var.project.id
  location    = var.region
  instance_id = "ion-cache"

  engine_version = "VALKEY_8_0"
  mode           = "CLUSTER" # with one shard, too: it can never be changed, and more shards can be wanted
  node_type      = var.cache.node_type
  shard_count    = var.cache.shards
  replica_count  = var.cache.replicas

  # Can only be chosen when it is made. The values are sealed by the functions before they get here, besides (CACHE_KEY_SECRET).
  transit_encryption_mode     = "SERVER_AUTHENTICATION"
  authorization_mode          = "IAM_AUTH"
  deletion_protection_enabled = var.cache.protected

  # A full cache forgets what was asked for least recently; it must never refuse writes, since counts are kept there, too.
  engine_configs = { maxmemory-policy = "allkeys-lru" }

  desired_auto_created_endpoints {
    network    = "projects/${var.project.id}/global/networks/${var.network.name}"
    project_id = var.project.id
  }

  zone_distribution_config {
    mode = "MULTI_ZONE"
  }

  persistence_config {
    mode = "DISABLED" # epochs are kept in it: what was invalidated must not come back from a snapshot
  }

  maintenance_policy {
    weekly_maintenance_window {
      day = "SUNDAY"

      start_time {
        hours = 18 # UTC: Monday 03:00 in Seoul, Sunday evening in Belgium, noon in Iowa
      }
    }
  }

  # The policy has to be there first; nothing in the instance refers to it.
  depends_on = [google_network_connectivity_service_connection_policy.cache]
}
