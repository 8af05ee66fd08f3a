# A topic's messages to a function: our own push subscription, since one made by a trigger has neither dead letters nor 7 days.

locals {
  agent = "serviceAccount:service-${var.project.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  week  = "604800s"
}

resource "google_pubsub_topic" "dead" {
  project                    = var.project.id
  name                       = "${var.topic}-dead"
  kms_key_name               = "projects/${var.project.id}/locations/global/keyRings/ion/cryptoKeys/messages"
  message_retention_duration = local.week

  dynamic "message_storage_policy" {
    for_each = var.kept_in == null ? [] : [var.kept_in]

    content {
      allowed_persistence_regions = message_storage_policy.value
      enforce_in_transit          = true
    }
  }
}

# Dead letters wait here to be looked at, and an alert tells that there are some.
resource "google_pubsub_subscription" "dead" {
  project                    = var.project.id
  name                       = "${var.topic}-dead"
  topic                      = google_pubsub_topic.dead.id
  message_retention_duration = local.week

  expiration_policy {
    ttl = "" # never
  }
}

resource "google_pubsub_subscription" "push" {
  project = var.project.id
  name    = "${var.topic}-push"
  topic   = "projects/${var.project.id}/topics/${var.topic}"

  # Above the worst case: a message has WORK_TIMEOUT_S = 500 s, a worker's request 540 s. With less, it is delivered twice at once.
  ack_deadline_seconds       = 600
  message_retention_duration = local.week

  push_config {
    push_endpoint = "${var.service.url}/"

    oidc_token {
      service_account_email = var.pusher
      audience              = var.service.url
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  # The most that Pub/Sub counts to: 100 attempts, ten minutes apart in the end, are some 16 hours. With five, a minute and a half
  # of something being away made dead letters, long before the alert on what waits for an hour.
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead.id
    max_delivery_attempts = 100
  }

  expiration_policy {
    ttl = "" # never
  }

  depends_on = [google_pubsub_topic_iam_member.dead, google_cloud_run_v2_service_iam_member.pusher]
}

# What can still be done about a dead letter is done by its function: the items of a batch are given up, so that it ends.
resource "google_pubsub_subscription" "buried" {
  count = var.buries != null ? 1 : 0

  project                    = var.project.id
  name                       = "${var.topic}-dead-push"
  topic                      = google_pubsub_topic.dead.id
  ack_deadline_seconds       = 600
  message_retention_duration = local.week

  push_config {
    push_endpoint = "${var.service.url}${var.buries}"

    oidc_token {
      service_account_email = var.pusher
      audience              = var.service.url
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  expiration_policy {
    ttl = "" # never
  }

  depends_on = [google_cloud_run_v2_service_iam_member.pusher]
}

# Messages of batches that got lost are made again from the store, and receivers that were away are called again.
resource "google_cloud_scheduler_job" "tend" {
  count = var.tends ? 1 : 0

  project     = var.project.id
  region      = var.service.region
  name        = "ion-${var.topic}-tend"
  description = "Has batches looked after."
  schedule    = "* * * * *"
  time_zone   = "Etc/UTC"

  pubsub_target {
    topic_name = "projects/${var.project.id}/topics/${var.topic}"
    data       = base64encode(jsonencode({ tend = true }))
  }
}

# Without these two, dead letters are neither forwarded nor taken from the subscription, and nothing says so.
resource "google_pubsub_topic_iam_member" "dead" {
  project = var.project.id
  topic   = google_pubsub_topic.dead.name
  role    = "roles/pubsub.publisher"
  member  = local.agent
}

resource "google_pubsub_subscription_iam_member" "forwarded" {
  project      = var.project.id
  subscription = google_pubsub_subscription.push.name
  role         = "roles/pubsub.subscriber"
  member       = local.agent
}

resource "google_cloud_run_v2_service_iam_member" "pusher" {
  project  = var.project.id
  location = var.service.region
  name     = var.service.name
  role     = "roles/run.invoker"
  member   = "serviceAccount:${var.pusher}"
}
