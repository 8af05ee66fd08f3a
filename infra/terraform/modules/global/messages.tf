# Topics that serve all regions, and what a message may look like.

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

# mentoring-batch has none: a request's resonance_key is a text or an object, which neither of the two schema languages can say,
# and a message that is none has to reach its dead-letter topic instead of being refused (docs/decisions/0021-message-schemas.md).
resource "google_pubsub_schema" "warming" {
  project    = var.project.id
  name       = "cache-warming"
  type       = "PROTOCOL_BUFFER"
  definition = file("${path.module}/cache-warming.proto")
}
