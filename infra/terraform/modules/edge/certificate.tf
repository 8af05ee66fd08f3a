# One managed certificate for the domain and every region's name: another region needs no other certificate.

resource "google_certificate_manager_dns_authorization" "this" {
  project = var.project.id
  name    = "ion"
  domain  = var.domain
}

# By DNS, so that the certificate is there before the first client comes.
resource "google_dns_record_set" "authorization" {
  project      = var.project.id
  managed_zone = var.zone
  name         = google_certificate_manager_dns_authorization.this.dns_resource_record[0].name
  type         = google_certificate_manager_dns_authorization.this.dns_resource_record[0].type
  ttl          = 300
  rrdatas      = [google_certificate_manager_dns_authorization.this.dns_resource_record[0].data]
}

resource "google_certificate_manager_certificate" "this" {
  project = var.project.id
  name    = "ion"

  managed {
    domains            = [var.domain, "*.${var.domain}"]
    dns_authorizations = [google_certificate_manager_dns_authorization.this.id]
  }
}

resource "google_certificate_manager_certificate_map" "this" {
  project = var.project.id
  name    = "ion"
}

resource "google_certificate_manager_certificate_map_entry" "this" {
  for_each = { domain = var.domain, regions = "*.${var.domain}" }

  project      = var.project.id
  name         = each.key
  map          = google_certificate_manager_certificate_map.this.name
  hostname     = each.value
  certificates = [google_certificate_manager_certificate.this.id]
}
