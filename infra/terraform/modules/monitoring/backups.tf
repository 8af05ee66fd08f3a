# No metric tells of a backup that was not made: a workflow looks every six hours, and its failure or absence is told.

locals {
  # Derived, so that a plan shows it.
  workflow = var.backed_up ? "projects/${var.project.id}/locations/${var.home}/workflows/${google_workflows_workflow.backups[0].name}" : null
}

resource "google_workflows_workflow" "backups" {
  count = var.backed_up ? 1 : 0

  project             = var.project.id
  region              = var.home
  name                = "ion-backups"
  description         = "Fails if the newest backup of the database is older than 26 hours."
  service_account     = var.backups_account
  deletion_protection = false
  source_contents     = file("${path.module}/backups.workflow.yaml")

  user_env_vars = merge(
    {
      DATABASE = "projects/${var.project.id}/databases/${var.database.name}"
      BACKUPS  = "https://firestore.googleapis.com/v1/projects/${var.project.id}/locations/${var.database.location}/backups"
    },
    var.alerts.check_in == null ? {} : { CHECK_IN = var.alerts.check_in },
  )
}

resource "google_project_iam_member" "backups" {
  count = var.backed_up ? 1 : 0

  project = var.project.id
  role    = "roles/workflows.invoker" # Workflows knows no rights on a single one; there is no other here
  member  = "serviceAccount:${var.backups_account}"
}

resource "google_cloud_scheduler_job" "backups" {
  count = var.backed_up ? 1 : 0

  project   = var.project.id
  region    = var.home
  name      = "ion-backups"
  schedule  = "30 */6 * * *"
  time_zone = "Etc/UTC"

  http_target {
    http_method = "POST"
    uri         = "https://workflowexecutions.googleapis.com/v1/${local.workflow}/executions"

    oauth_token {
      service_account_email = var.backups_account
    }
  }
}

resource "google_monitoring_alert_policy" "backup_missed" {
  count = var.backed_up ? 1 : 0

  project               = var.project.id
  display_name          = local.told_of.backup_missed.en
  combiner              = "OR"
  severity              = local.told_of.backup_missed.severity
  notification_channels = local.told[local.told_of.backup_missed.tell]

  conditions {
    display_name = "The look for it failed"

    condition_threshold {
      filter          = "resource.type=\"workflows.googleapis.com/Workflow\" AND resource.labels.workflow_id=\"ion-backups\" AND metric.type=\"workflows.googleapis.com/finished_execution_count\" AND metric.labels.status=\"FAILED\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "3600s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  conditions {
    display_name = "Nobody looked for half a day"

    condition_absent {
      filter   = "resource.type=\"workflows.googleapis.com/Workflow\" AND resource.labels.workflow_id=\"ion-backups\" AND metric.type=\"workflows.googleapis.com/finished_execution_count\" AND metric.labels.status=\"SUCCEEDED\""
      duration = "46800s"

      aggregations {
        alignment_period     = "3600s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "docs/runbooks/restoring-firestore.md"
  }
}
