# Every night: what was changed beside Terraform, and whether the set still bears its load. By messages, since whoever runs a
# trigger by its name would need the rights of the account that it runs as.
locals {
  nightly = var.repository == null ? {} : {
    ion-drift = { what = "Looks for what was changed beside Terraform.", file = "infra/cloudbuild.drift.yaml" }
    ion-load  = { what = "Puts the set under the load of an ordinary day.", file = "infra/cloudbuild.load.yaml" }
  }
}

resource "google_pubsub_topic" "nightly" {
  project      = var.project
  name         = "nightly"
  kms_key_name = google_kms_crypto_key.ion["messages"].id

  depends_on = [google_kms_crypto_key_iam_member.user]
}

resource "google_cloud_scheduler_job" "nightly" {
  for_each = toset(var.repository == null ? [] : ["ion-nightly"])

  project     = var.project
  region      = split("/", var.repository)[3]
  name        = each.key
  description = "Starts what is looked at every night."
  schedule    = "0 18 * * *"
  time_zone   = "Etc/UTC"

  pubsub_target {
    topic_name = google_pubsub_topic.nightly.id
    data       = base64encode("nightly")
  }

  depends_on = [google_project_service.api]
}

resource "google_cloudbuild_trigger" "nightly" {
  for_each = local.nightly

  project         = var.project
  location        = split("/", var.repository)[3]
  name            = each.key
  description     = each.value.what
  service_account = google_service_account.planner.id
  substitutions   = { _ENV = var.environment }

  pubsub_config {
    topic = google_pubsub_topic.nightly.id
  }

  source_to_build {
    repository = var.repository
    ref        = "refs/heads/main"
    repo_type  = "GITHUB"
  }

  git_file_source {
    path       = each.value.file
    repository = var.repository
    revision   = "refs/heads/main"
    repo_type  = "GITHUB"
  }

  depends_on = [google_project_service.api]
}

# A night's build that fails has found something: whoever is in `told` hears of it. (The set's own alerts tell of what it does.)
resource "google_monitoring_notification_channel" "night" {
  for_each = toset(var.told)

  project      = var.project
  display_name = each.key
  type         = "email"
  labels       = { email_address = each.key }

  depends_on = [google_project_service.api]
}

resource "google_monitoring_alert_policy" "night" {
  for_each = length(var.told) == 0 ? {} : local.nightly

  project      = var.project
  display_name = "ION: ${each.key} failed in the night"
  combiner     = "OR"
  severity     = "WARNING"

  conditions {
    display_name = "a step of the build failed"

    condition_matched_log {
      filter = "resource.type=\"build\" AND resource.labels.build_trigger_id=\"${google_cloudbuild_trigger.nightly[each.key].trigger_id}\" AND textPayload=~\"^ERROR\""
    }
  }

  alert_strategy {
    notification_rate_limit {
      period = "3600s"
    }
  }

  documentation {
    content = each.key == "ion-drift" ? "docs/runbooks/drift.md" : "docs/runbooks/load.md"
  }

  notification_channels = [for channel in google_monitoring_notification_channel.night : channel.id]
}
