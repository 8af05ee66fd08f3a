# What was done, by whom: kept where neither the release pipeline nor an owner can shorten it.

resource "google_project_iam_audit_config" "administration" {
  project = var.project
  service = "allServices"

  audit_log_config {
    log_type = "ADMIN_READ"
  }

  depends_on = [google_project_service.api]
}

# Reading data is logged where reading is the danger. Not Firestore: every answer would be an entry.
resource "google_project_iam_audit_config" "secrets" {
  for_each = toset(["secretmanager.googleapis.com", "cloudkms.googleapis.com", "iam.googleapis.com"])

  project = var.project
  service = each.key

  dynamic "audit_log_config" {
    for_each = toset(["ADMIN_READ", "DATA_READ", "DATA_WRITE"])

    content {
      log_type = audit_log_config.value
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_logging_project_bucket_config" "audit" {
  project        = var.project
  location       = "global"
  bucket_id      = "ion-audit"
  description    = "Audit logs; the lock cannot be taken back."
  retention_days = 400
  locked         = var.environment == "prod"

  depends_on = [google_project_service.api]
}

# Into a bucket of the same project, for which a sink needs no rights.
resource "google_logging_project_sink" "audit" {
  project                = var.project
  name                   = "ion-audit"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.audit.id}"
  filter                 = "log_id(\"cloudaudit.googleapis.com/activity\") OR log_id(\"cloudaudit.googleapis.com/data_access\") OR log_id(\"cloudaudit.googleapis.com/policy\")"
  unique_writer_identity = true

  depends_on = [google_project_service.api]
}
