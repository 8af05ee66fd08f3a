# One page for who is on call: what clients get, what it costs in time, what stands behind it.

locals {
  tiles = [
    { title = "Answers a second, by status", filter = local.requests, aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", by = ["metric.label.response_code_class"] },
    { title = "P95 of the answers (ms)", filter = local.total_ms, aligner = "ALIGN_DELTA", reducer = "REDUCE_PERCENTILE_95", by = ["metric.label.proxy_continent"] },
    { title = "Requests a second, by function and region", filter = "resource.type=\"cloud_run_revision\" AND metric.type=\"run.googleapis.com/request_count\"", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", by = ["resource.label.service_name", "resource.label.location"] },
    { title = "P95 inside, by function (ms)", filter = "resource.type=\"cloud_run_revision\" AND metric.type=\"run.googleapis.com/request_latencies\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_PERCENTILE_95", by = ["resource.label.service_name"] },
    { title = "Instances, by function and region", filter = "resource.type=\"cloud_run_revision\" AND metric.type=\"run.googleapis.com/container/instance_count\"", aligner = "ALIGN_MAX", reducer = "REDUCE_SUM", by = ["resource.label.service_name", "resource.label.location"] },
    { title = "Cache hit rate, by region", filter = local.hit_rate, aligner = "ALIGN_DELTA", reducer = "REDUCE_MEAN", by = ["resource.label.location"] },
    { title = "Memory of the caches (share)", filter = "resource.type=\"memorystore.googleapis.com/Instance\" AND metric.type=\"memorystore.googleapis.com/instance/memory/maximum_utilization\"", aligner = "ALIGN_MAX", reducer = "REDUCE_MAX", by = ["resource.label.location"] },
    { title = "Replaced on the way to an answer, a second", filter = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/ion/replaced\"", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", by = ["metric.label.event"] },
    { title = "Oldest message (s), by subscription", filter = local.oldest, aligner = "ALIGN_MAX", reducer = "REDUCE_MAX", by = ["resource.label.subscription_id"] },
    { title = "Dead letters", filter = local.waiting, aligner = "ALIGN_MAX", reducer = "REDUCE_SUM", by = ["resource.label.subscription_id"] },
    { title = "Firestore: reads a second", filter = "resource.type=\"firestore.googleapis.com/Database\" AND metric.type=\"firestore.googleapis.com/document/read_ops_count\"", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", by = [] },
    { title = "Refused at the edge, a second", filter = "resource.type=\"network_security_policy\" AND metric.type=\"networksecurity.googleapis.com/https/request_count\" AND metric.label.blocked=\"true\"", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", by = [] },
  ]
}

resource "google_monitoring_dashboard" "this" {
  project = var.project.id

  dashboard_json = jsonencode({
    displayName = "ION Mentoring"
    mosaicLayout = {
      columns = 48
      tiles = [for place, tile in local.tiles : {
        xPos   = 24 * (place % 2)
        yPos   = 16 * floor(place / 2)
        width  = 24
        height = 16
        widget = {
          title = tile.title
          xyChart = {
            dataSets = [{
              plotType = "LINE"
              timeSeriesQuery = {
                timeSeriesFilter = {
                  filter = tile.filter
                  aggregation = {
                    alignmentPeriod    = "60s"
                    perSeriesAligner   = tile.aligner
                    crossSeriesReducer = tile.reducer
                    groupByFields      = tile.by
                  }
                }
              }
            }]
          }
        }
      }]
    }
  })
}
