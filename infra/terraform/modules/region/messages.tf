# The topics of this region alone, what is published to them by whom, and when.

resource "google_pubsub_topic" "own" {
  for_each = { for name, f in local.own : f.topic => f }

  project                    = var.project.id
  name                       = "${each.key}-${var.region}"
  kms_key_name               = "projects/${var.project.id}/locations/global/keyRings/ion/cryptoKeys/messages"
  message_retention_duration = "86400s"

  dynamic "message_storage_policy" {
    for_each = var.kept_in == null ? [] : [var.kept_in]

    content {
      allowed_persistence_regions = message_storage_policy.value
      enforce_in_transit          = true
    }
  }

  dynamic "schema_settings" {
    for_each = contains(keys(var.schemas), each.key) ? [var.schemas[each.key]] : []

    content {
      schema   = schema_settings.value
      encoding = "JSON"
    }
  }
}

module "delivery" {
  source   = "../delivery"
  for_each = local.own

  project = var.project
  topic   = google_pubsub_topic.own[each.value.topic].name
  service = module.worker[each.key].service
  kept_in = var.kept_in
  pusher  = var.accounts["pusher"]
}

# The router asks here for answers that are soon too old.
resource "google_pubsub_topic_iam_member" "router" {
  for_each = google_pubsub_topic.own

  project = var.project.id
  topic   = each.value.name
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:${var.accounts[keys(local.by_kind["router"])[0]]}"
}

# What is asked for most is there when the day begins, and renewed while it is asked for by the router. Not `all`: that is 20,736
# answers of the model, of which an entry's day would end before the run does (docs/costs.md); an operator may want it for a new card.
resource "google_cloud_scheduler_job" "warming" {
  for_each = google_pubsub_topic.own

  project     = var.project.id
  region      = var.region
  name        = "ion-${each.key}"
  description = "Fills this region's L2 with what is asked for most."
  schedule    = "0 */12 * * *"
  time_zone   = "Etc/UTC"

  pubsub_target {
    topic_name = each.value.id
    data       = base64encode(jsonencode({ scope = "popular" }))
  }

  retry_config {
    retry_count          = 3
    min_backoff_duration = "30s"
  }
}
