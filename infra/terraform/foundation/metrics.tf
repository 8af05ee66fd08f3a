# Metrics from the functions' log; numbers only. Here and not in the set, since a new metric takes minutes until an alert may name it.

# The event that an instance writes once in a minute of traffic.
resource "google_logging_metric" "hit_rate" {
  project         = var.project
  name            = "ion/cache_hit_rate"
  description     = "Share of look-ups that L1 or L2 answered, in [0, 1]."
  filter          = "resource.type=\"cloud_run_revision\" AND jsonPayload.message=\"CachePerformanceEvent\""
  value_extractor = "EXTRACT(jsonPayload.hit_rate)"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = "1"
  }

  bucket_options {
    linear_buckets {
      num_finite_buckets = 20
      width              = 0.05
      offset             = 0
    }
  }

  depends_on = [google_project_service.api]
}

locals {
  # Counts of the product's events (docs/telemetry.md), by the fields that an alert or a tile tells them apart by.
  counts = {
    answers  = { filter = "jsonPayload.message=\"PersonaProcessEvent\"", labels = ["path", "persona"], description = "Questions that were answered, or that no persona could." }
    degraded = { filter = "jsonPayload.message=\"PersonaProcessEvent\" AND jsonPayload.degraded=~\".\"", labels = ["path"], description = "Answers for which something was replaced." }
    danger   = { filter = "jsonPayload.message=\"DangerEvent\"", labels = ["kind"], description = "Answers to signs of danger." }
    refused  = { filter = "jsonPayload.message=\"APIRequestEvent\" AND jsonPayload.success=false", labels = ["error"], description = "Requests that got an error." }
    security = { filter = "jsonPayload.message=\"SecurityEvent\" AND jsonPayload.kind!=\"forbidden\"", labels = ["kind"], description = "Refused credentials, and networks that are shut out." }
  }
}

resource "google_logging_metric" "count" {
  for_each = local.counts

  project     = var.project
  name        = "ion/${each.key}"
  description = each.value.description
  filter      = "resource.type=\"cloud_run_revision\" AND ${each.value.filter}"

  label_extractors = { for label in each.value.labels : label => "EXTRACT(jsonPayload.${label})" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"

    dynamic "labels" {
      for_each = each.value.labels

      content {
        key        = labels.value
        value_type = "STRING"
      }
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_logging_metric" "answer_ms" {
  project          = var.project
  name             = "ion/answer_ms"
  description      = "How long answers took, in milliseconds, by the way they came."
  filter           = "resource.type=\"cloud_run_revision\" AND jsonPayload.message=\"PersonaProcessEvent\" AND jsonPayload.success=true"
  value_extractor  = "EXTRACT(jsonPayload.execution_time_ms)"
  label_extractors = { path = "EXTRACT(jsonPayload.path)" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = "ms"

    labels {
      key        = "path"
      value_type = "STRING"
    }
  }

  bucket_options {
    exponential_buckets {
      num_finite_buckets = 40
      growth_factor      = 1.4
      scale              = 0.5
    }
  }

  depends_on = [google_project_service.api]
}

# What was replaced on the way to an answer: a persona, a model, memory.
resource "google_logging_metric" "replaced" {
  project     = var.project
  name        = "ion/replaced"
  description = "Warnings by event: persona_failed, model_replaced, memory_unread and their like."
  filter      = "resource.type=\"cloud_run_revision\" AND severity=WARNING AND jsonPayload.function!=\"\""

  label_extractors = { event = "EXTRACT(jsonPayload.message)" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"

    labels {
      key        = "event"
      value_type = "STRING"
    }
  }

  depends_on = [google_project_service.api]
}
