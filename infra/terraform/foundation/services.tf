# The APIs of the set, and the service agents in whose names Google's services act here.

data "google_project" "this" {
  project_id = var.project
}

data "google_storage_project_service_account" "this" {
  project = var.project
}

locals {
  apis = setunion(var.signed ? ["binaryauthorization", "containeranalysis"] : [], [
    "aiplatform", "artifactregistry", "certificatemanager", "cloudbilling", "cloudbuild", "cloudkms", "cloudresourcemanager",
    "cloudscheduler", "compute", "dns", "firestore", "iam", "iamcredentials", "logging", "memorystore", "monitoring",
    "networkconnectivity", "pubsub", "run", "secretmanager", "serviceconsumermanagement", "storage", "workflows",
    "workflowexecutions", "billingbudgets",
  ])

  # Those that need a key, or rights on something of ours, before they are first used; and what their accounts are called.
  agents = {
    artifactregistry    = "gcp-sa-artifactregistry"
    memorystore         = "gcp-sa-memorystore"
    networkconnectivity = "gcp-sa-networkconnectivity"
    pubsub              = "gcp-sa-pubsub"
    secretmanager       = "gcp-sa-secretmanager"
  }

  # Derived from the project's number: a plan shows who gets what, and an agent whose address is told late is known, too.
  agent = { for api, account in local.agents : api =>
    "serviceAccount:service-${data.google_project.this.number}@${account}.iam.gserviceaccount.com"
  }
}

resource "google_project_service" "api" {
  for_each = local.apis

  project            = var.project
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}

resource "google_project_service_identity" "agent" {
  for_each = toset(keys(local.agents))
  provider = google-beta

  project = var.project
  service = "${each.key}.googleapis.com"

  depends_on = [google_project_service.api]
}

# An agent that was asked for gets no role by itself, as it would at its first use.
resource "google_project_iam_member" "agent" {
  for_each = setsubtract(keys(local.agents), ["secretmanager"]) # which has none

  project = var.project
  role    = "roles/${each.key}.serviceAgent"
  member  = local.agent[each.key]

  depends_on = [google_project_service_identity.agent]
}

# The accounts that Google makes with the right to edit everything: nobody here uses them. An account that is made later is found
# with it by the next plan, which takes it away.
resource "google_project_iam_member_remove" "default" {
  for_each = {
    compute   = "${data.google_project.this.number}-compute@developer.gserviceaccount.com"
    appengine = "${var.project}@appspot.gserviceaccount.com"
  }

  project = var.project
  role    = "roles/editor"
  member  = "serviceAccount:${each.value}"

  depends_on = [google_project_service.api]
}
