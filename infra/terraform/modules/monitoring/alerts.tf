# When somebody is told. Metrics and their sources: docs/infrastructure-facts.md; what to do: docs/runbooks.

locals {
  requests = "resource.type=\"https_lb_rule\" AND resource.labels.backend_target_name=\"${var.router}\" AND metric.type=\"loadbalancing.googleapis.com/https/request_count\""
  dead     = join(" OR ", [for name in values(var.dead) : "resource.labels.subscription_id=\"${name}\""])
  minute   = 60

  # A model answers a quarter of the questions, in 3 s (infra/tables/prices.toml): twice that, or every answer of a model were slow.
  slow_ms = 6000

  alerts = {
    errors = {
      title      = "More than 1 % of the answers are errors"
      filter     = "${local.requests} AND metric.labels.response_code_class=500"
      of         = local.requests
      least      = 5 # one error in a quiet hour is all of the answers
      aligner    = "ALIGN_RATE"
      reducer    = "REDUCE_SUM"
      comparison = "COMPARISON_GT"
      threshold  = 0.01
      seconds    = 5 * local.minute
      tell       = "slack"
      severity   = "ERROR"
      what_to_do = "runbooks/error-rate.md"
    }
    latency = {
      title      = "P95 of the answers is above 6 s"
      filter     = "resource.type=\"https_lb_rule\" AND resource.labels.backend_target_name=\"${var.router}\" AND metric.type=\"loadbalancing.googleapis.com/https/total_latencies\""
      of         = null
      least      = null
      aligner    = "ALIGN_DELTA"
      reducer    = "REDUCE_PERCENTILE_95"
      comparison = "COMPARISON_GT"
      threshold  = local.slow_ms
      seconds    = 5 * local.minute
      tell       = "pagerduty"
      severity   = "CRITICAL"
      what_to_do = "runbooks/latency.md"
    }
    dead_letters = {
      title      = "Messages wait as dead letters"
      filter     = "resource.type=\"pubsub_subscription\" AND (${local.dead}) AND metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      of         = null
      least      = null
      aligner    = "ALIGN_MAX"
      reducer    = "REDUCE_SUM"
      comparison = "COMPARISON_GT"
      threshold  = 0
      seconds    = 0
      tell       = "slack"
      severity   = "WARNING"
      what_to_do = "runbooks/dead-letters.md"
    }
    backlog = {
      title      = "A message waits for longer than an hour"
      filter     = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=monitoring.regex.full_match(\".*-push\") AND metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      of         = null
      least      = null
      aligner    = "ALIGN_MAX"
      reducer    = "REDUCE_MAX"
      comparison = "COMPARISON_GT"
      threshold  = 3600
      seconds    = 5 * local.minute
      tell       = "slack"
      severity   = "WARNING"
      what_to_do = "runbooks/draining-a-region.md"
    }
    hit_rate = {
      title      = "The caches answer less than half of what is asked"
      filter     = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/ion/cache_hit_rate\""
      of         = null
      least      = null
      aligner    = "ALIGN_DELTA"
      reducer    = "REDUCE_MEAN"
      comparison = "COMPARISON_LT"
      threshold  = 0.5
      seconds    = 60 * local.minute
      tell       = "slack"
      severity   = "WARNING"
      what_to_do = "runbooks/cache.md"
    }
    rotation = {
      title      = "A secret should be changed"
      filter     = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=\"secret-rotation\" AND metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      of         = null
      least      = null
      aligner    = "ALIGN_MAX"
      reducer    = "REDUCE_SUM"
      comparison = "COMPARISON_GT"
      threshold  = 0
      seconds    = 0
      tell       = "slack"
      severity   = "WARNING"
      what_to_do = "runbooks/rotating-secrets.md"
    }
    certificate = {
      title      = "A certificate ends in less than 15 days"
      filter     = "resource.type=\"uptime_url\" AND metric.type=\"monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires\""
      of         = null
      least      = null
      aligner    = "ALIGN_NEXT_OLDER"
      reducer    = "REDUCE_MIN"
      comparison = "COMPARISON_LT"
      threshold  = 15
      seconds    = 10 * local.minute
      tell       = "slack"
      severity   = "WARNING"
      what_to_do = "runbooks/certificate.md"
    }
  }
}

resource "google_monitoring_alert_policy" "metric" {
  for_each = local.alerts

  project               = var.project.id
  display_name          = each.value.title
  combiner              = each.value.least != null ? "AND" : "OR"
  severity              = each.value.severity
  notification_channels = local.told[each.value.tell]

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter             = each.value.filter
      denominator_filter = each.value.of
      comparison         = each.value.comparison
      threshold_value    = each.value.threshold
      duration           = "${each.value.seconds}s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
      }

      dynamic "denominator_aggregations" {
        for_each = each.value.of != null ? [1] : []

        content {
          alignment_period     = "300s"
          per_series_aligner   = each.value.aligner
          cross_series_reducer = each.value.reducer
        }
      }
    }
  }

  dynamic "conditions" {
    for_each = each.value.least != null ? [each.value.least] : []

    content {
      display_name = "${conditions.value} of them or more"

      condition_threshold {
        filter          = each.value.filter
        comparison      = "COMPARISON_GT"
        threshold_value = conditions.value - 1
        duration        = "0s"

        aggregations {
          alignment_period     = "300s"
          per_series_aligner   = "ALIGN_DELTA"
          cross_series_reducer = "REDUCE_SUM"
        }
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "docs/${each.value.what_to_do}"
  }

  alert_strategy {
    auto_close = "86400s"
  }
}

# A full cache is no fault, it forgets what was asked for least recently; one that forgets what is still asked for is.
resource "google_monitoring_alert_policy" "forgets" {
  project               = var.project.id
  display_name          = "A cache forgets what is still asked for"
  combiner              = "AND"
  severity              = "WARNING"
  notification_channels = local.told["slack"]

  conditions {
    display_name = "It evicts more than one entry a second"

    condition_threshold {
      filter          = "resource.type=\"memorystore.googleapis.com/Instance\" AND metric.type=\"memorystore.googleapis.com/instance/stats/total_evicted_keys_count\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_RATE"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  conditions {
    display_name = "The caches answer less than three quarters of what is asked"

    condition_threshold {
      filter          = local.alerts.hit_rate.filter
      comparison      = "COMPARISON_LT"
      threshold_value = 0.75
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_MEAN"
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "docs/runbooks/cache.md"
  }
}

resource "google_monitoring_uptime_check_config" "region" {
  for_each = toset(var.regions)

  project      = var.project.id
  display_name = "ION in ${each.key}"
  period       = "60s"
  timeout      = "10s"

  http_check {
    path         = "/api/v2/health"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = var.project.id, host = "${each.key}.${var.domain}" }
  }
}

resource "google_monitoring_alert_policy" "uptime" {
  for_each = google_monitoring_uptime_check_config.region

  project               = var.project.id
  display_name          = "${each.key} does not answer"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.told["pagerduty"]

  conditions {
    display_name = "Two places or more get no answer"

    condition_threshold {
      filter          = "resource.type=\"uptime_url\" AND metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND metric.labels.check_id=\"${each.value.uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "120s"

      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.labels.host"]
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "docs/runbooks/draining-a-region.md"
  }
}

# A log entry and not a metric: such entries come from every kind of resource, and one is enough.
resource "google_monitoring_alert_policy" "rights" {
  project               = var.project.id
  display_name          = "Rights were changed, and not by a release"
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = local.told["slack"]

  conditions {
    display_name = "A policy or a key of an account was changed"

    condition_matched_log {
      filter = join(" AND ", [
        "log_id(\"cloudaudit.googleapis.com/activity\")",
        "protoPayload.methodName=~\"(?i)(setiampolicy|setIamPermissions|ServiceAccountKey)\"",
        "NOT protoPayload.authenticationInfo.principalEmail=\"deploy@${var.project.id}.iam.gserviceaccount.com\"",
      ])
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "docs/runbooks/rights-changed.md"
  }

  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "300s"
    }
  }
}
