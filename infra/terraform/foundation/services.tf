# The APIs of the set, and the service agents in whose names Google's services act here.

data "google_project" "this" {
  project_id = var.project
}

data "google_storage_project_service_account" "this" {
  project = var.project
}

locals {
  apis = toset([
    "aiplatform", "artifactregistry", "certificatemanager", "cloudbilling", "cloudbuild", "cloudkms", "cloudresourcemanager",
    "cloudscheduler", "compute", "dns", "firestore", "iam", "iamcredentials", "logging", "memorystore", "monitoring",
    "networkconnectivity", "pubsub", "run", "secretmanager", "serviceconsumermanagement", "storage", "workflows",
    "workflowexecutions", "billingbudgets",
  ])

  # Those that need a key, or rights on something of ours, before they are first used.
  agents = toset(["artifactregistry", "memorystore", "networkconnectivity", "pubsub", "secretmanager"])
}

resource "google_project_service" "api" {
  for_each = local.apis

  project            = var.project
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}

resource "google_project_service_identity" "agent" {
  for_each = local.agents
  provider = google-beta

  project = var.project
  service = "${each.key}.googleapis.com"

  depends_on = [google_project_service.api]
}

# An agent that was asked for gets no role by itself, as it would at its first use.
resource "google_project_iam_member" "agent" {
  for_each = setsubtract(local.agents, ["secretmanager"]) # which has none

  project = var.project
  role    = "roles/${each.key}.serviceAgent"
  member  = google_project_service_identity.agent[each.key].member
}

# The accounts that Google makes with the right to edit everything: nobody here uses them.
resource "google_project_default_service_accounts" "none" {
  project = var.project
  action  = "DEPRIVILEGE"

  depends_on = [google_project_service.api]
}
