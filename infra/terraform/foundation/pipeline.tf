# Who builds and who deploys, and what starts them. Neither has a key: both are used by Cloud Build alone.

locals {
  deploys = {
    "roles/artifactregistry.reader"                  = "images by their digest"
    "roles/certificatemanager.editor"                = "the certificate"
    "roles/cloudbuild.builds.editor"                 = "builds of the functions, and the release that waits for approval"
    "roles/cloudscheduler.admin"                     = "when caches are warmed"
    "roles/compute.loadBalancerAdmin"                = "the one address"
    "roles/compute.networkAdmin"                     = "the network"
    "roles/compute.securityAdmin"                    = "firewall and Cloud Armor"
    "roles/datastore.owner"                          = "the database, its TTL and its backups"
    "roles/dns.admin"                                = "the zones"
    "roles/iam.serviceAccountAdmin"                  = "an account for each function"
    "roles/logging.configWriter"                     = "metrics from the log"
    "roles/logging.logWriter"                        = "its own log"
    "roles/memorystore.admin"                        = "the caches"
    "roles/monitoring.editor"                        = "alerts, and to read whether a region keeps its promise"
    "roles/networkconnectivity.consumerNetworkAdmin" = "the caches' way into the network"
    "roles/pubsub.admin"                             = "topics and subscriptions"
    "roles/run.admin"                                = "the functions"
    "roles/run.sourceDeveloper"                      = "their builds"
    "roles/secretmanager.viewer"                     = "which version is the latest; no values"
    "roles/workflows.admin"                          = "the look for backups"
    "roles/servicemanagement.quotaViewer"            = "what the project may use"
    "roles/serviceusage.serviceUsageConsumer"        = "calls in this project's name"
    "roles/workflows.invoker"                        = "the look for backups, once after a release"
  }

  # The rights that it may give on to the functions' accounts, and no others.
  gives = [
    "roles/aiplatform.user", "roles/datastore.backupsViewer", "roles/datastore.user", "roles/logging.logWriter",
    "roles/memorystore.dbConnectionUser", "roles/memorystore.viewer", "roles/workflows.invoker",
  ]

}

resource "google_service_account" "deploy" {
  project      = var.project
  account_id   = "deploy"
  display_name = "ION Mentoring: releases"
}

resource "google_service_account" "build" {
  project      = var.project
  account_id   = "build"
  display_name = "ION Mentoring: images from bundles"
}

resource "google_project_iam_member" "deploy" {
  #checkov:skip=CKV_GCP_49:It makes an account for each function, so it administers accounts; what it may give them is bounded below.
  for_each = local.deploys

  project = var.project
  role    = each.key
  member  = google_service_account.deploy.member
}

resource "google_project_iam_member" "deploy_gives" {
  project = var.project
  role    = "roles/resourcemanager.projectIamAdmin"
  member  = google_service_account.deploy.member

  condition {
    title       = "ion-gives"
    description = "Only what a function may need."
    expression  = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['${join("', '", local.gives)}'])"
  }
}

# The accounts' own policies are out of the condition's reach: a function's secrets are given one by one.
resource "google_secret_manager_secret_iam_member" "deploy_gives" {
  for_each = google_secret_manager_secret.this

  project   = var.project
  secret_id = each.value.secret_id
  role      = "roles/secretmanager.admin"
  member    = google_service_account.deploy.member

  condition {
    title      = "ion-gives"
    expression = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/secretmanager.secretAccessor'])"
  }
}

resource "google_secret_manager_secret_iam_member" "deploy_tells" {
  for_each = toset(["slack-token", "pagerduty-key", "smoke-api-key"])

  project   = var.project
  secret_id = google_secret_manager_secret.this[each.key].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.deploy.member
}

# Cloud Run builds as this account; as the functions' own it may act by their policies (modules/global).
resource "google_service_account_iam_member" "deploy_builds_as" {
  service_account_id = google_service_account.build.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.deploy.member
}

# Bundles in, images out, its log.
resource "google_project_iam_member" "build" {
  project = var.project
  role    = "roles/run.builder"
  member  = google_service_account.build.member
}

resource "google_storage_bucket_iam_member" "build" {
  bucket = google_storage_bucket.bundles.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.build.member
}

# Bundles are added and never changed: their names say what is in them. A release's record is written anew each time.
resource "google_storage_bucket_iam_member" "deploy_bundles" {
  bucket = google_storage_bucket.bundles.name
  role   = "roles/storage.objectUser"
  member = google_service_account.deploy.member
}

resource "google_storage_bucket_iam_member" "deploy_state" {
  bucket = "${var.project}-state"
  role   = "roles/storage.objectUser"
  member = google_service_account.deploy.member

  condition {
    title      = "ion-state"
    expression = "resource.name.startsWith('projects/_/buckets/${var.project}-state/objects/ion/') || resource.type == 'storage.googleapis.com/Bucket'"
  }
}

resource "google_project_iam_member" "approver" {
  for_each = toset(var.approvers)

  project = var.project
  role    = "roles/cloudbuild.builds.approver"
  member  = each.key
}

# What main becomes is checked, bundled and planned; the release waits until somebody who read the plan approves it.
resource "google_cloudbuild_trigger" "plan" {
  count = var.repository != null ? 1 : 0

  project         = var.project
  location        = split("/", var.repository)[3]
  name            = "ion-plan"
  description     = "Checks, bundles and plans what main has become."
  filename        = "cloudbuild.yaml"
  service_account = google_service_account.deploy.id
  substitutions   = { _ENV = var.environment }

  repository_event_config {
    repository = var.repository

    push {
      branch = "^main$"
    }
  }
}

resource "google_cloudbuild_trigger" "deploy" {
  count = var.repository != null ? 1 : 0

  project         = var.project
  location        = split("/", var.repository)[3]
  name            = "ion-deploy"
  description     = "Deploys what was planned, region by region."
  service_account = google_service_account.deploy.id
  substitutions   = { _ENV = var.environment, _APPROVED = "" }

  source_to_build {
    repository = var.repository
    ref        = "refs/heads/main"
    repo_type  = "UNKNOWN"
  }

  git_file_source {
    path       = "infra/cloudbuild.deploy.yaml"
    repository = var.repository
    revision   = "refs/heads/main"
    repo_type  = "UNKNOWN"
  }

  approval_config {
    approval_required = true
  }
}
