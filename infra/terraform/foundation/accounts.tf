# Who plans, who deploys, who builds. None has a key: Cloud Build alone uses them.
#
# What main becomes is planned by an account that reads; only what somebody approved runs as the one that changes things.

locals {
  deploys = {
    "roles/artifactregistry.reader"                  = "which images there are"
    "roles/certificatemanager.owner"                 = "the certificate; an editor deletes none"
    "roles/cloudbuild.builds.viewer"                 = "whether an image is built"
    "roles/cloudscheduler.admin"                     = "when caches are warmed"
    "roles/compute.loadBalancerAdmin"                = "the one address"
    "roles/compute.networkAdmin"                     = "the network"
    "roles/compute.securityAdmin"                    = "firewall and Cloud Armor"
    "roles/dns.admin"                                = "the zones"
    "roles/iam.serviceAccountAdmin"                  = "an account for each function"
    "roles/logging.logWriter"                        = "its own log"
    "roles/memorystore.admin"                        = "the caches"
    "roles/monitoring.editor"                        = "alerts, and to read whether a region keeps its promise"
    "roles/networkconnectivity.consumerNetworkAdmin" = "the caches' way into the network"
    "roles/pubsub.admin"                             = "topics and subscriptions"
    "roles/run.admin"                                = "the functions"
    "roles/run.sourceDeveloper"                      = "their builds"
    "roles/secretmanager.viewer"                     = "which version is the latest; no values"
    "roles/workflows.admin"                          = "the look for backups"
    "roles/serviceusage.serviceUsageConsumer"        = "calls in this project's name"
  }

  # The rights that it may give on to the functions' accounts, and no others.
  gives = [
    "roles/aiplatform.user", "roles/datastore.backupsViewer", "roles/datastore.user", "roles/logging.logWriter",
    "roles/memorystore.dbConnectionUser", "roles/memorystore.viewer", "roles/workflows.invoker",
  ]

  # Not roles/viewer, which reads what people wrote.
  plans = {
    "roles/browser"                           = "the project"
    "roles/certificatemanager.viewer"         = "the certificate"
    "roles/cloudscheduler.viewer"             = "when caches are warmed"
    "roles/compute.viewer"                    = "the network and the one address"
    "roles/dns.reader"                        = "the zones"
    "roles/iam.securityReviewer"              = "who may do what"
    "roles/iam.serviceAccountViewer"          = "the functions' accounts"
    "roles/memorystore.viewer"                = "the caches"
    "roles/monitoring.viewer"                 = "alerts and promises"
    "roles/pubsub.viewer"                     = "topics and subscriptions"
    "roles/run.viewer"                        = "the functions"
    "roles/workflows.viewer"                  = "the look for backups"
    "roles/logging.logWriter"                 = "its own log"
    "roles/secretmanager.viewer"              = "which version is the latest; no values"
    "roles/serviceusage.serviceUsageConsumer" = "calls in this project's name"
  }

  state = "projects/_/buckets/${var.project}-state/objects/ion"
}

resource "google_service_account" "deploy" {
  project      = var.project
  account_id   = "deploy"
  display_name = "ION Mentoring: releases"

  depends_on = [google_project_service.api]
}

resource "google_service_account" "planner" {
  project      = var.project
  account_id   = "planner"
  display_name = "ION Mentoring: checks and plans"

  depends_on = [google_project_service.api]
}

resource "google_service_account" "builder" {
  project      = var.project
  account_id   = "builder"
  display_name = "ION Mentoring: images from bundles"

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "deploy" {
  #checkov:skip=CKV_GCP_49:It makes an account for each function, so it administers accounts. Of the others in the project, none may do more than it.
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

# An alert on a log's entries is a rule of Cloud Logging, too; its ready-made roles could also change sinks.
resource "google_project_iam_custom_role" "tells_of_entries" {
  project = var.project
  role_id = "ionTellsOfEntries"
  title   = "ION: alerts on log entries"
  permissions = [for verb in ["create", "delete", "get", "list", "update"] :
    "logging.notificationRules.${verb}"
  ]

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "deploy_tells" {
  project = var.project
  role    = google_project_iam_custom_role.tells_of_entries.id
  member  = google_service_account.deploy.member
}

# The database, its TTL and its backup schedules, and none of its documents: the ready-made role for that reads what people wrote.
resource "google_project_iam_custom_role" "makes_databases" {
  project = var.project
  role_id = "ionMakesDatabases"
  title   = "ION: the database without its documents"
  permissions = concat(
    [for verb in ["create", "delete", "get", "getMetadata", "list", "update"] : "datastore.databases.${verb}"],
    [for verb in ["create", "delete", "get", "list", "update"] : "datastore.indexes.${verb}"],
    [for verb in ["create", "delete", "get", "list", "update"] : "datastore.backupSchedules.${verb}"],
    ["datastore.operations.get", "datastore.operations.list"],
  )

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "deploy_makes_databases" {
  project = var.project
  role    = google_project_iam_custom_role.makes_databases.id
  member  = google_service_account.deploy.member
}

# It says which function reads a secret, and reads none itself: a role that can do nothing else.
resource "google_project_iam_custom_role" "gives_secrets" {
  project     = var.project
  role_id     = "ionGivesSecrets"
  title       = "ION: says who reads a secret"
  permissions = ["secretmanager.secrets.get", "secretmanager.secrets.getIamPolicy", "secretmanager.secrets.setIamPolicy"]

  depends_on = [google_project_service.api]
}

resource "google_secret_manager_secret_iam_member" "deploy_gives" {
  for_each = google_secret_manager_secret.this

  project   = var.project
  secret_id = each.value.secret_id
  role      = google_project_iam_custom_role.gives_secrets.id
  member    = google_service_account.deploy.member

  condition {
    title      = "ion-gives"
    expression = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/secretmanager.secretAccessor'])"
  }
}

# The same for the key that people's words lie under.
resource "google_project_iam_custom_role" "gives_keys" {
  project     = var.project
  role_id     = "ionGivesKeys"
  title       = "ION: says who uses a key"
  permissions = ["cloudkms.cryptoKeys.get", "cloudkms.cryptoKeys.getIamPolicy", "cloudkms.cryptoKeys.setIamPolicy"]

  depends_on = [google_project_service.api]
}

resource "google_kms_crypto_key_iam_member" "deploy_gives" {
  crypto_key_id = google_kms_crypto_key.ion["words"].id
  role          = google_project_iam_custom_role.gives_keys.id
  member        = google_service_account.deploy.member

  condition {
    title      = "ion-gives"
    expression = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/cloudkms.cryptoKeyEncrypterDecrypter'])"
  }
}

resource "google_secret_manager_secret_iam_member" "deploy_tells" {
  project   = var.project
  secret_id = google_secret_manager_secret.this["smoke-api-key"].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.deploy.member
}

# Cloud Run builds as this account; as the functions' own it may act by their policies (modules/global).
resource "google_service_account_iam_member" "deploy_builds_as" {
  service_account_id = google_service_account.builder.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.deploy.member
}

# Bundles are added and never changed: their names say what is in them. The record of what runs is written anew each time.
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
    expression = "resource.name.startsWith('${local.state}/') || resource.type == 'storage.googleapis.com/Bucket'"
  }
}

resource "google_project_iam_member" "plan" {
  for_each = local.plans

  project = var.project
  role    = each.key
  member  = google_service_account.planner.member
}

# What no role shows without showing more: the database without its documents, the caches' way into the network.
resource "google_project_iam_custom_role" "plan" {
  project = var.project
  role_id = "ionPlans"
  title   = "ION: what plans look at"
  permissions = [
    "datastore.backupSchedules.get", "datastore.backupSchedules.list", "datastore.databases.get", "datastore.databases.getMetadata",
    "datastore.databases.list", "datastore.indexes.get", "datastore.indexes.list",
    "networkconnectivity.serviceConnectionPolicies.get", "networkconnectivity.serviceConnectionPolicies.list",
  ]

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "plan_looks" {
  project = var.project
  role    = google_project_iam_custom_role.plan.id
  member  = google_service_account.planner.member
}

# The image that its steps run in.
resource "google_artifact_registry_repository_iam_member" "plan" {
  project    = var.project
  location   = google_artifact_registry_repository.release.location
  repository = google_artifact_registry_repository.release.repository_id
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.planner.member
}

resource "google_storage_bucket_iam_member" "plan_state" {
  bucket = "${var.project}-state"
  role   = "roles/storage.objectViewer"
  member = google_service_account.planner.member
}

resource "google_storage_bucket_iam_member" "plan_locks" {
  bucket = "${var.project}-state"
  role   = "roles/storage.objectUser"
  member = google_service_account.planner.member

  condition {
    title      = "ion-lock"
    expression = "resource.name == '${local.state}/default.tflock'"
  }
}

# It adds bundles, and writes proposals and its cache; it can change no bundle that is there.
resource "google_storage_bucket_iam_member" "plan_adds" {
  for_each = toset(["roles/storage.objectCreator", "roles/storage.objectViewer"])

  bucket = google_storage_bucket.bundles.name
  role   = each.key
  member = google_service_account.planner.member
}

resource "google_storage_bucket_iam_member" "plan_writes" {
  bucket = google_storage_bucket.bundles.name
  role   = "roles/storage.objectUser"
  member = google_service_account.planner.member

  condition {
    title = "ion-proposals"
    expression = join(" || ", [for folder in ["releases/${var.environment}/", "cache/"] :
      "resource.name.startsWith('projects/_/buckets/${google_storage_bucket.bundles.name}/objects/${folder}')"
    ])
  }
}

# Bundles in, images out, its log. It runs what others wrote, so it sees nothing else, and not the state.
resource "google_storage_bucket_iam_member" "build" {
  bucket = google_storage_bucket.bundles.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.builder.member
}

resource "google_artifact_registry_repository_iam_member" "build" {
  for_each = { functions = google_artifact_registry_repository.functions, release = google_artifact_registry_repository.release }

  project    = var.project
  location   = each.value.location
  repository = each.value.repository_id
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.builder.member
}

resource "google_project_iam_member" "build" {
  project = var.project
  role    = "roles/logging.logWriter"
  member  = google_service_account.builder.member
}
