# What starts the pipeline: both builds by what main becomes, and the second one waits until somebody who read the first one's plan
# approves it. So nobody has to start a release, and what is deployed is the commit that was planned.

locals {
  builds = var.repository == null ? {} : {
    ion-plan   = { what = "Checks, bundles, plans and proposes.", file = "cloudbuild.yaml", account = google_service_account.planner.id }
    ion-deploy = { what = "Deploys what was proposed, region by region.", file = "infra/cloudbuild.deploy.yaml", account = google_service_account.deploy.id }
  }
}

resource "google_cloudbuild_trigger" "build" {
  for_each = local.builds

  project         = var.project
  location        = split("/", var.repository)[3]
  name            = each.key
  description     = each.value.what
  filename        = each.value.file
  service_account = each.value.account
  substitutions   = { _ENV = var.environment }

  repository_event_config {
    repository = var.repository

    push {
      branch = "^main$"
    }
  }

  approval_config {
    approval_required = each.key == "ion-deploy"
  }

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "approver" {
  for_each = toset(var.approvers)

  project = var.project
  role    = "roles/cloudbuild.builds.approver"
  member  = each.key
}
