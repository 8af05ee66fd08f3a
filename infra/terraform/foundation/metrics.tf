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
