# Firestore: conversations, batches and their results, the ledger. The one thing here whose loss nobody could repair.

locals {
  # Collections whose documents end by themselves, at `expires_at`. A test compares them with what the code writes.
  expiring = [
    "turns", "sessions", "api_keys", "api_key_uses", "results", "requests", "ledger", "shards", "callers", "reservations", "revocations",
    "batches", "lanes", "chunks", "outbox", "erasures", "feedback", "audit", "audit_heads", "audit_days", "profiles", "population",
    "exposures", "arm_sums",
  ]

  day = 86400
}

resource "google_firestore_database" "this" {
  project                           = var.project.id
  name                              = var.data.database
  location_id                       = var.data.location
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  point_in_time_recovery_enablement = var.data.point_in_time_recovery ? "POINT_IN_TIME_RECOVERY_ENABLED" : "POINT_IN_TIME_RECOVERY_DISABLED"
  delete_protection_state           = var.data.protected ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.data.protected ? "ABANDON" : "DELETE"
}

# The code asks by name, or for the newest by one field: single-field indexes, which Firestore keeps by itself, are enough.
# On what expires, they would be a hot spot (all new documents at one end) that nobody reads: switched off.
resource "google_firestore_field" "expires_at" {
  for_each = toset(local.expiring)

  project    = var.project.id
  database   = google_firestore_database.this.name
  collection = each.key
  field      = "expires_at"

  ttl_config {}

  index_config {}
}

# Whose an item of a batch and its result are, by a keyed name: an erasure finds them wherever they are.
resource "google_firestore_field" "results" {
  project    = var.project.id
  database   = google_firestore_database.this.name
  collection = "results"
  field      = "holder"

  index_config {
    indexes {
      query_scope = "COLLECTION_GROUP"
      order       = "ASCENDING"
    }
  }
}

resource "google_firestore_field" "chunks" {
  project    = var.project.id
  database   = google_firestore_database.this.name
  collection = "chunks"
  field      = "holders"

  index_config {
    indexes {
      query_scope  = "COLLECTION_GROUP"
      array_config = "CONTAINS"
    }
  }
}

resource "google_firestore_backup_schedule" "daily" {
  count = var.data.backups != null ? 1 : 0

  project   = var.project.id
  database  = google_firestore_database.this.name
  retention = "${var.data.backups.daily_kept_days * local.day}s"

  daily_recurrence {}
}

resource "google_firestore_backup_schedule" "weekly" {
  count = var.data.backups != null ? 1 : 0

  project   = var.project.id
  database  = google_firestore_database.this.name
  retention = "${var.data.backups.weekly_kept_weeks * 7 * local.day}s"

  weekly_recurrence {
    day = "SUNDAY"
  }
}
