# When somebody is told. Metrics and their sources: docs/infrastructure-facts.md; what to do: docs/runbooks.

locals {
  table    = jsondecode(file("${path.module}/../../alerts.json"))
  promises = local.table.promises
  slow_ms  = local.promises.latency.ms

  requests = "resource.type=\"https_lb_rule\" AND resource.labels.backend_target_name=\"${var.router}\" AND metric.type=\"loadbalancing.googleapis.com/https/request_count\""
  dead     = join(" OR ", [for name in values(var.dead) : "resource.labels.subscription_id=\"${name}\""])
  ours     = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/ion"
  answers  = "${local.ours}/answers\""
  new      = "(metric.labels.path=\"embedded\" OR metric.labels.path=\"model\")" # no cache had it
  guesses  = "(metric.labels.kind=\"credential_refused\" OR metric.labels.kind=\"shut_out\")"
  refused  = "${local.requests} AND (metric.labels.response_code=401 OR metric.labels.response_code=403 OR metric.labels.response_code=429)"
  hit_rate = "${local.ours}/cache_hit_rate\""
  total_ms = "resource.type=\"https_lb_rule\" AND resource.labels.backend_target_name=\"${var.router}\" AND metric.type=\"loadbalancing.googleapis.com/https/total_latencies\""
  oldest   = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=monitoring.regex.full_match(\".*-push\") AND metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
  waiting  = "resource.type=\"pubsub_subscription\" AND (${local.dead}) AND metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\""

  # Of which metric an alert is, and how it is read; numbers, titles and who is told are the table's. `of` is what a share is one of,
  # `counted` what there have to be enough of.
  metrics = {
    errors        = { filter = "${local.requests} AND metric.labels.response_code_class=500", of = local.requests, counted = "${local.requests} AND metric.labels.response_code_class=500", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", seconds = 300 }
    slow_cached   = { filter = "${local.ours}/answer_ms\" AND metric.labels.path=\"cached\"", of = null, counted = "${local.answers} AND metric.labels.path=\"cached\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_PERCENTILE_95", seconds = 300 }
    slow_embedded = { filter = "${local.ours}/answer_ms\" AND metric.labels.path=\"embedded\"", of = null, counted = "${local.answers} AND metric.labels.path=\"embedded\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_PERCENTILE_95", seconds = 300 }
    slow_model    = { filter = "${local.ours}/answer_ms\" AND metric.labels.path=\"model\"", of = null, counted = "${local.answers} AND metric.labels.path=\"model\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_PERCENTILE_95", seconds = 300 }
    hit_rate      = { filter = local.hit_rate, of = null, counted = null, aligner = "ALIGN_DELTA", reducer = "REDUCE_MEAN", seconds = 3600 }
    refused       = { filter = local.refused, of = local.requests, counted = local.refused, aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", seconds = 300 }
    degraded      = { filter = "${local.ours}/degraded\" AND ${local.new}", of = "${local.answers} AND ${local.new}", counted = "${local.ours}/degraded\" AND ${local.new}", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", seconds = 300 }
    dead_letters  = { filter = local.waiting, of = null, counted = null, aligner = "ALIGN_MAX", reducer = "REDUCE_SUM", seconds = 0 }
    budget        = { filter = "${local.ours}/refused\" AND metric.labels.error=\"BUDGET_EXHAUSTED\"", of = null, counted = null, aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", seconds = 0 }
    attack        = { filter = "${local.ours}/security\" AND ${local.guesses}", of = null, counted = null, aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", seconds = 0 }
    danger_many   = { filter = "${local.ours}/danger\"", of = local.answers, counted = "${local.ours}/danger\"", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", seconds = 1800 }
    latency       = { filter = local.total_ms, of = null, counted = null, aligner = "ALIGN_DELTA", reducer = "REDUCE_PERCENTILE_95", seconds = 300 }
    backlog       = { filter = local.oldest, of = null, counted = null, aligner = "ALIGN_MAX", reducer = "REDUCE_MAX", seconds = 300 }
    rotation      = { filter = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=\"secret-rotation\" AND metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\"", of = null, counted = null, aligner = "ALIGN_MAX", reducer = "REDUCE_SUM", seconds = 0 }
    certificate   = { filter = "resource.type=\"uptime_url\" AND metric.type=\"monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires\"", of = null, counted = null, aligner = "ALIGN_NEXT_OLDER", reducer = "REDUCE_MIN", seconds = 600 }
  }

  # A threshold that is a name is that of a promise.
  named   = merge(local.promises.p95_ms, { errors = local.promises.errors })
  told_of = merge(local.table.platform, local.table.rules)
  alerts = { for name, metric in local.metrics : name => merge(metric, {
    title      = local.told_of[name].en
    comparison = can(local.told_of[name].below) ? "COMPARISON_LT" : "COMPARISON_GT"
    threshold  = can(local.told_of[name].below) ? local.told_of[name].below : try(local.named[local.told_of[name].above], local.told_of[name].above)
    least      = metric.counted != null ? local.told_of[name].least : null
    tell       = local.told_of[name].tell
    severity   = local.told_of[name].severity
    what_to_do = "runbooks/${local.told_of[name].runbook}.md"
  }) }

  # What fell silent while others go on: the metric that is missed, and of which answers there are enough.
  silent = merge(
    { danger_none = { rule = "danger_none", filter = "${local.ours}/danger\"", title = local.told_of.danger_none.en } },
    { for persona in var.personas : "persona_silent-${persona}" => {
      rule   = "persona_silent"
      filter = "${local.answers} AND metric.labels.persona=\"${persona}\""
      title  = "${local.told_of.persona_silent.en}: ${persona}"
    } },
  )
}

resource "google_monitoring_alert_policy" "metric" {
  for_each = local.alerts

  project               = var.project.id
  display_name          = each.value.title
  combiner              = each.value.counted != null ? "AND" : "OR"
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
    for_each = each.value.counted != null ? [each.value.least] : []

    content {
      display_name = "${conditions.value} of them or more"

      condition_threshold {
        filter          = each.value.counted
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

# Silence while there is traffic: without the second condition every quiet night would ring.
resource "google_monitoring_alert_policy" "silent" {
  for_each = local.silent

  project               = var.project.id
  display_name          = each.value.title
  combiner              = "AND"
  severity              = local.told_of[each.value.rule].severity
  notification_channels = local.told[local.told_of[each.value.rule].tell]

  conditions {
    display_name = each.value.title

    condition_absent {
      filter   = each.value.filter
      duration = "${local.told_of[each.value.rule].window_s}s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  conditions {
    display_name = "${local.told_of[each.value.rule].least} answers or more"

    condition_threshold {
      filter          = local.answers
      comparison      = "COMPARISON_GT"
      threshold_value = local.told_of[each.value.rule].least - 1
      duration        = "0s"

      aggregations {
        alignment_period     = "${local.told_of[each.value.rule].window_s}s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "docs/runbooks/${local.told_of[each.value.rule].runbook}.md"
  }

  alert_strategy {
    auto_close = "86400s"
  }
}

# A full cache is no fault, it forgets what was asked for least recently; one that forgets what is still asked for is.
resource "google_monitoring_alert_policy" "forgets" {
  project               = var.project.id
  display_name          = local.told_of.forgets.en
  combiner              = "AND"
  severity              = local.told_of.forgets.severity
  notification_channels = local.told[local.told_of.forgets.tell]

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
      filter          = local.hit_rate
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
  severity              = local.told_of.uptime.severity
  notification_channels = local.told[local.told_of.uptime.tell]

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
  display_name          = local.told_of.rights.en
  combiner              = "OR"
  severity              = local.told_of.rights.severity
  notification_channels = local.told[local.told_of.rights.tell]

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
