# One page for who is on call: what clients get, what it costs in time, what stands behind it. Grafana's is made from the same tiles.

locals {
  board = jsondecode(file("${path.module}/../../dashboard.json"))

  # A value of a tile is a name of ours in braces, a pattern after ~, or what it says.
  tiles = [for tile in local.board.tiles : merge(tile, {
    limit = try(local.alerts[tile.alert].threshold, null)
    filter = join(" AND ", concat(
      ["resource.type=\"${tile.resource}\"", "metric.type=\"${tile.metric}\""],
      [for label, value in tile.where : startswith(value, "~")
        ? "${label}=monitoring.regex.full_match(\"${trimprefix(value, "~")}\")"
        : "${label}=\"${replace(value, "{router}", var.router)}\""
      ],
    ))
  })]
}

resource "google_monitoring_dashboard" "this" {
  project = var.project.id

  dashboard_json = jsonencode({
    displayName = local.board.title
    mosaicLayout = {
      columns = 48
      tiles = [for place, tile in local.tiles : {
        xPos   = 24 * (place % 2)
        yPos   = 16 * floor(place / 2)
        width  = 24
        height = 16
        widget = {
          title = tile.en
          xyChart = {
            thresholds = [for limit in tile.limit[*] : { value = limit }]
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
