# Topics that serve all regions, who publishes to them, and what a message may look like.

locals {
  batches = { for name, f in var.functions : name => f.topic if f.dead != null }
  routers = [for name, f in var.functions : name if f.kind == "router"]

  publishers = merge(
    { for pair in setproduct(concat(local.routers, keys(local.batches)), values(local.batches)) :
    join(" ", pair) => { function = pair[0], topic = pair[1] } },
    { for name in keys(local.batches) : "${name} ${google_pubsub_topic.done.name}" => { function = name, topic = google_pubsub_topic.done.name } },
  )
}

resource "google_pubsub_topic" "global" {
  for_each = { for name, f in var.functions : f.topic => f if f.kind == "worker" && f.scope == "global" }

  project                    = var.project.id
  name                       = each.key
  kms_key_name               = "projects/${var.project.id}/locations/global/keyRings/ion/cryptoKeys/messages"
  message_retention_duration = "604800s" # what was published in the last 7 days can be replayed

  dynamic "message_storage_policy" {
    for_each = var.kept_in == null ? [] : [var.kept_in]

    content {
      allowed_persistence_regions = message_storage_policy.value
      enforce_in_transit          = true
    }
  }
}

# The end of each batch is told here, to whoever subscribes.
resource "google_pubsub_topic" "done" {
  project                    = var.project.id
  name                       = "mentoring-batch-done"
  kms_key_name               = "projects/${var.project.id}/locations/global/keyRings/ion/cryptoKeys/messages"
  message_retention_duration = "604800s"

  dynamic "message_storage_policy" {
    for_each = var.kept_in == null ? [] : [var.kept_in]

    content {
      allowed_persistence_regions = message_storage_policy.value
      enforce_in_transit          = true
    }
  }
}

# The router sends a batch's first chunks on their way, the worker the next ones, and only the worker tells the end.
resource "google_pubsub_topic_iam_member" "batches" {
  for_each = local.publishers

  project = var.project.id
  topic   = each.value.topic
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:${local.emails[each.value.function]}"

  depends_on = [google_pubsub_topic.global, google_pubsub_topic.done]
}

# mentoring-batch has none: a request's resonance_key is a text or an object, which neither of the two schema languages can say,
# and a message that is none has to reach its dead-letter topic instead of being refused (docs/decisions/0021-message-schemas.md).
resource "google_pubsub_schema" "warming" {
  project    = var.project.id
  name       = "cache-warming"
  type       = "PROTOCOL_BUFFER"
  definition = file("${path.module}/cache-warming.proto")
}
