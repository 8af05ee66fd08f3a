# The one address: a global external Application Load Balancer before the routers of all regions.

locals {
  addresses = { IPV4 = "A", IPV6 = "AAAA" }
  hosts     = concat([var.domain], [for region in keys(var.routers) : "${region}.${var.domain}"])
}

resource "google_compute_global_address" "this" {
  for_each = local.addresses

  project    = var.project.id
  name       = "ion-${lower(each.key)}"
  ip_version = each.key
}

# All regions: each client gets the nearest that is well. A router's readiness probe makes its region's health (modules/function);
# no health check, which serverless groups do not take, and no IAP, with which there is no service health.
resource "google_compute_backend_service" "router" {
  project               = var.project.id
  name                  = "ion-router"
  load_balancing_scheme = "EXTERNAL_MANAGED" # provider 8 changed the default: always said
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.this.id

  dynamic "backend" {
    for_each = { for region, router in var.routers : region => router if !contains(var.drained, region) }

    content {
      group = backend.value.group
    }
  }

  # The second net: a region that is ready, and yet answers 5xx five times in a row, is left for a while. One region always stays.
  dynamic "outlier_detection" {
    for_each = length(var.routers) - length(var.drained) > 1 ? [1] : []

    content {
      consecutive_errors           = 5
      enforcing_consecutive_errors = 100
      max_ejection_percent         = 50

      interval {
        seconds = 5
      }

      base_ejection_time {
        seconds = 30
      }
    }
  }

  log_config {
    enable      = true
    sample_rate = var.rules.log_share
  }
}

resource "google_compute_url_map" "https" {
  project         = var.project.id
  name            = "ion-https"
  default_service = google_compute_backend_service.router.id

  # A request that never reached a region goes to another one; one that may have been read is not sent twice.
  default_route_action {
    retry_policy {
      num_retries      = 1
      retry_conditions = ["connect-failure", "refused-stream"]
    }
  }

  dynamic "host_rule" {
    for_each = var.routers

    content {
      hosts        = ["${host_rule.key}.${var.domain}"]
      path_matcher = host_rule.key
    }
  }

  dynamic "path_matcher" {
    for_each = var.routers

    content {
      name            = path_matcher.key
      default_service = path_matcher.value.backend
    }
  }
}

# Port 80. Pages are redirected. Calls are not, since a client would send its key in the clear each time and never know: they go to
# the routers, marked, which refuse them and say why (handlers/web/plain_http.py).
resource "google_compute_url_map" "http" {
  project = var.project.id
  name    = "ion-http"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "PERMANENT_REDIRECT" # 308: a POST stays a POST
    strip_query            = false
  }

  host_rule {
    hosts        = ["*"]
    path_matcher = "plain"
  }

  path_matcher {
    name = "plain"

    default_url_redirect {
      https_redirect         = true
      redirect_response_code = "PERMANENT_REDIRECT"
      strip_query            = false
    }

    header_action {
      request_headers_to_add {
        header_name  = "X-Ion-Plain-Http"
        header_value = "1"
        replace      = true
      }
    }

    path_rule {
      paths   = ["/api", "/api/*", "/chat", "/chat/*"]
      service = google_compute_backend_service.router.id
    }
  }
}

resource "google_compute_ssl_policy" "this" {
  project         = var.project.id
  name            = "ion"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_target_https_proxy" "this" {
  project         = var.project.id
  name            = "ion"
  url_map         = google_compute_url_map.https.id
  ssl_policy      = google_compute_ssl_policy.this.id
  certificate_map = "//certificatemanager.googleapis.com/${google_certificate_manager_certificate_map.this.id}"
}

resource "google_compute_target_http_proxy" "this" {
  project = var.project.id
  name    = "ion"
  url_map = google_compute_url_map.http.id
}

resource "google_compute_global_forwarding_rule" "https" {
  for_each = google_compute_global_address.this

  project               = var.project.id
  name                  = "ion-https-${lower(each.key)}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = each.value.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.this.id
}

resource "google_compute_global_forwarding_rule" "http" {
  for_each = google_compute_global_address.this

  project               = var.project.id
  name                  = "ion-http-${lower(each.key)}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = each.value.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.this.id
}

resource "google_dns_record_set" "address" {
  for_each = { for pair in setproduct(local.hosts, keys(local.addresses)) : "${pair[0]} ${local.addresses[pair[1]]}" =>
    { host = pair[0], type = local.addresses[pair[1]], address = google_compute_global_address.this[pair[1]].address }
  }

  project      = var.project.id
  managed_zone = var.zone
  name         = "${each.value.host}."
  type         = each.value.type
  ttl          = 300
  rrdatas      = [each.value.address]
}
