# What alerts.json promises, and how fast it may be used up.

locals {
  slos = {
    availability = merge(local.promises.availability, { title = "${local.promises.availability.goal * 100} % of the answers are no server error" })
    latency      = merge(local.promises.latency, { title = "${local.promises.latency.goal * 100} % of the answers take less than ${local.slow_ms / 1000} s" })
  }

  # After the SRE workbook: 2 % of four weeks' budget within an hour, 5 % within six; the short window ends the alert soon.
  burns = {
    fast = { times = 13.44, long_s = 3600, short_s = 300, tell = "pagerduty", severity = "CRITICAL" }
    slow = { times = 5.6, long_s = 21600, short_s = 1800, tell = "slack", severity = "WARNING" }
  }
}

resource "google_monitoring_custom_service" "this" {
  project      = var.project.id
  service_id   = "ion"
  display_name = "ION Mentoring"
}

resource "google_monitoring_slo" "availability" {
  project             = var.project.id
  service             = google_monitoring_custom_service.this.service_id
  slo_id              = "availability"
  display_name        = local.slos.availability.title
  goal                = local.slos.availability.goal
  rolling_period_days = local.slos.availability.days

  request_based_sli {
    good_total_ratio {
      total_service_filter = local.requests
      bad_service_filter   = "${local.requests} AND metric.labels.response_code_class=500"
    }
  }
}

resource "google_monitoring_slo" "latency" {
  project             = var.project.id
  service             = google_monitoring_custom_service.this.service_id
  slo_id              = "latency"
  display_name        = local.slos.latency.title
  goal                = local.slos.latency.goal
  rolling_period_days = local.slos.latency.days

  request_based_sli {
    distribution_cut {
      distribution_filter = local.total_ms

      range {
        min = 0
        max = local.slow_ms
      }
    }
  }
}

resource "google_monitoring_alert_policy" "burn" {
  for_each = { for pair in setproduct(["availability", "latency"], keys(local.burns)) : "${pair[0]}-${pair[1]}" => merge(
    local.burns[pair[1]],
    { promise = pair[0], slo = { availability = google_monitoring_slo.availability.name, latency = google_monitoring_slo.latency.name }[pair[0]] },
  ) if !(pair[0] == "latency" && pair[1] == "fast") } # 5 % of the answers may be slow: 13 times that is two thirds of them

  project               = var.project.id
  display_name          = "The promise of ${each.value.promise} is used up too fast (${each.value.times} times)"
  combiner              = "AND"
  severity              = each.value.severity
  notification_channels = local.told[each.value.tell]

  dynamic "conditions" {
    for_each = [each.value.long_s, each.value.short_s]

    content {
      display_name = "over ${conditions.value} s"

      condition_threshold {
        filter          = "select_slo_burn_rate(\"${each.value.slo}\", \"${conditions.value}s\")"
        comparison      = "COMPARISON_GT"
        threshold_value = each.value.times
        duration        = "0s"
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "docs/runbooks/${each.value.promise == "availability" ? "error-rate" : "latency"}.md"
  }
}
