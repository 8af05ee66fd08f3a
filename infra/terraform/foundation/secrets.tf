# The secrets, without values: a person adds versions (docs/runbooks/rotating-secrets.md), so that none stands in a state.

locals {
  secrets = merge(
    { for one in values(jsondecode(file("${path.module}/../secrets.json"))) : one.secret => one.rotation_days },
    { smoke-api-key = 180 },
  )
}

# Secret Manager says here when a secret should be changed; the set's monitoring tells it on.
resource "google_pubsub_topic" "rotation" {
  project                    = var.project
  name                       = "secret-rotation"
  kms_key_name               = google_kms_crypto_key.ion["messages"].id
  message_retention_duration = "2678400s" # 31 days

  depends_on = [google_kms_crypto_key_iam_member.user]
}

resource "google_pubsub_subscription" "rotation" {
  project                    = var.project
  name                       = "secret-rotation"
  topic                      = google_pubsub_topic.rotation.id
  filter                     = "attributes.eventType = \"SECRET_ROTATE\"" # not every change of a secret
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = "" # never
  }
}

resource "google_pubsub_topic_iam_member" "rotation" {
  project = var.project
  topic   = google_pubsub_topic.rotation.name
  role    = "roles/pubsub.publisher"
  member  = local.agent["secretmanager"]

  depends_on = [google_project_service_identity.agent]
}

resource "google_secret_manager_secret" "this" {
  for_each = local.secrets

  project             = var.project
  secret_id           = each.key
  deletion_protection = true
  version_destroy_ttl = "604800s" # a version that was destroyed by mistake can be had back for a week

  replication {
    auto {
      customer_managed_encryption {
        kms_key_name = google_kms_crypto_key.ion["secrets"].id
      }
    }
  }

  rotation {
    rotation_period    = "${each.value * 86400}s"
    next_rotation_time = timeadd(plantimestamp(), "${each.value * 24}h") # a time that has passed is refused
  }

  topics {
    name = google_pubsub_topic.rotation.id
  }

  lifecycle {
    ignore_changes = [rotation[0].next_rotation_time] # Secret Manager moves it
  }

  depends_on = [google_kms_crypto_key_iam_member.user, google_pubsub_topic_iam_member.rotation]
}
