# A service account for each function, and no right that it does not need. docs/access.md shows them as a table, which a test
# compares with the plan.

locals {
  tag = "ion-function"

  # Beside those of the functions: in whose name Pub/Sub calls, and who looks whether there are backups.
  others = {
    pusher  = "Pub/Sub's calls to batch and warming"
    backups = "Looks whether there is a backup"
  }

  # Derived from what is known before anything exists, so that a plan shows who gets what.
  emails = merge(
    { for name, account in google_service_account.function : name => "${account.account_id}@${var.project.id}.iam.gserviceaccount.com" },
    { for name, account in google_service_account.other : name => "${account.account_id}@${var.project.id}.iam.gserviceaccount.com" },
  )

  agent = "serviceAccount:service-${var.project.number}@gcp-sa-pubsub.iam.gserviceaccount.com"

  asks_database = [for name, f in var.functions : name if f.kind != "persona"]

  words_key = "projects/${var.project.id}/locations/global/keyRings/ion/cryptoKeys/words"

  reads = merge([for name, f in var.functions : {
    for variable, secret in var.secrets : "${name} ${variable}" => { function = name, secret = secret.secret } if contains(secret.kinds, f.kind)
  }]...)
}

resource "google_service_account" "function" {
  for_each = var.functions

  project      = var.project.id
  account_id   = "ion-${replace(each.key, "_", "-")}"
  display_name = "ION Mentoring: ${each.key}"
}

resource "google_service_account" "other" {
  for_each = local.others

  project      = var.project.id
  account_id   = "ion-${each.key}"
  display_name = "ION Mentoring: ${each.value}"
}

resource "google_project_iam_member" "database" {
  for_each = toset(local.asks_database)

  project = var.project.id
  role    = "roles/datastore.user"
  member  = "serviceAccount:${local.emails[each.key]}"

  condition {
    title      = "ion-database"
    expression = "resource.name == \"projects/${var.project.id}/databases/${google_firestore_database.this.name}\""
  }
}

# To the caches of all regions; Memorystore knows no rights on a single one.
resource "google_project_iam_member" "cache" {
  for_each = { for pair in setproduct(local.asks_database, ["roles/memorystore.dbConnectionUser", "roles/memorystore.viewer"]) :
    join(" ", pair) => { function = pair[0], role = pair[1] }
  }

  project = var.project.id
  role    = each.value.role
  member  = "serviceAccount:${local.emails[each.value.function]}"
}

resource "google_project_iam_member" "gemini" {
  for_each = { for name, f in var.functions : name => f if f.kind == "persona" && var.asks_gemini }

  project = var.project.id
  role    = "roles/aiplatform.user"
  member  = "serviceAccount:${local.emails[each.key]}"
}

resource "google_project_iam_member" "backups" {
  project = var.project.id
  role    = "roles/datastore.backupsViewer"
  member  = "serviceAccount:${local.emails["backups"]}"
}

resource "google_project_iam_member" "backups_log" {
  project = var.project.id
  role    = "roles/logging.logWriter"
  member  = "serviceAccount:${local.emails["backups"]}"
}

resource "google_secret_manager_secret_iam_member" "function" {
  for_each = local.reads

  project   = var.project.id
  secret_id = each.value.secret
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${local.emails[each.value.function]}"
}

# The master key of people's words: whoever reads and writes conversations opens what lies under it.
resource "google_kms_crypto_key_iam_member" "words" {
  for_each = toset(local.asks_database)

  crypto_key_id = local.words_key
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${local.emails[each.key]}"
}

# Releases run functions as these accounts, and as no others.
resource "google_service_account_iam_member" "deploy" {
  for_each = local.emails

  service_account_id = "projects/${var.project.id}/serviceAccounts/${each.value}"
  role               = "roles/iam.serviceAccountUser"
  member             = "serviceAccount:deploy@${var.project.id}.iam.gserviceaccount.com"
}

# Pub/Sub makes identity tokens in the pusher's name, and in nobody else's.
resource "google_service_account_iam_member" "pusher" {
  service_account_id = "projects/${var.project.id}/serviceAccounts/${local.emails["pusher"]}"
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.agent
}
