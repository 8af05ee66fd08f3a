# Keys of ours for what lasts: secrets, messages, bundles and images. They rotate by themselves, and outlive everything.

locals {
  # By key: where, and in whose name it is used. A key ring cannot be deleted, so there are few.
  keys = {
    secrets  = { ring = "global", user = local.agent["secretmanager"] }
    messages = { ring = "global", user = local.agent["pubsub"] }
    bundles  = { ring = "us", user = "serviceAccount:${data.google_storage_project_service_account.this.email_address}" }
    images   = { ring = "us", user = local.agent["artifactregistry"] }
    words    = { ring = "global", user = null } # used by functions, whose accounts the set makes and lets in (modules/global)
  }
  used = { for name, key in local.keys : name => key if key.user != null }
}

resource "google_kms_key_ring" "ion" {
  for_each = toset([for key in values(local.keys) : key.ring])

  project  = var.project
  location = each.key
  name     = "ion"

  depends_on = [google_project_service.api]
}

resource "google_kms_crypto_key" "ion" {
  for_each = local.keys

  key_ring        = google_kms_key_ring.ion[each.value.ring].id
  name            = each.key
  purpose         = "ENCRYPT_DECRYPT"
  rotation_period = "7776000s" # 90 days

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "user" {
  for_each = local.used

  crypto_key_id = google_kms_crypto_key.ion[each.key].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = each.value.user

  depends_on = [google_project_service_identity.agent]
}
