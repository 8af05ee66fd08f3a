# Binary Authorization, where `signed` asks for it: Cloud Run starts an image only if releases signed it when it was built.
# releasing/signing.py signs, and says the same names.

locals {
  signing = var.signed ? toset(["ion-built"]) : toset([])

  signs = var.signed ? toset(["roles/containeranalysis.occurrences.editor"]) : toset([])
}

# A signature is made by a key that never leaves KMS; deploy@ alone may ask for one.
resource "google_kms_crypto_key" "signing" {
  #checkov:skip=CKV_GCP_43:A key that signs does not rotate by itself: a new version has to be made known to the attestor first.
  for_each = local.signing

  key_ring = google_kms_key_ring.ion["global"].id
  name     = each.key
  purpose  = "ASYMMETRIC_SIGN"

  version_template {
    algorithm = "EC_SIGN_P256_SHA256"
  }

  lifecycle {
    prevent_destroy = true
  }
}

data "google_kms_crypto_key_version" "signing" {
  for_each = local.signing

  crypto_key = google_kms_crypto_key.signing[each.key].id
}

# What signatures hang on.
resource "google_container_analysis_note" "signing" {
  for_each = local.signing

  project = var.project
  name    = each.key

  attestation_authority {
    hint {
      human_readable_name = each.key
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_binary_authorization_attestor" "signing" {
  for_each = local.signing

  project     = var.project
  name        = each.key
  description = "Images that releases have built."

  attestation_authority_note {
    note_reference = google_container_analysis_note.signing[each.key].name

    public_keys {
      id = data.google_kms_crypto_key_version.signing[each.key].id

      pkix_public_key {
        public_key_pem      = data.google_kms_crypto_key_version.signing[each.key].public_key[0].pem
        signature_algorithm = "ECDSA_P256_SHA256"
      }
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_binary_authorization_policy" "this" {
  for_each = local.signing

  project     = var.project
  description = "Nothing runs here that releases have not built."

  default_admission_rule {
    evaluation_mode         = "REQUIRE_ATTESTATION"
    enforcement_mode        = "ENFORCED_BLOCK_AND_AUDIT_LOG"
    require_attestations_by = [google_binary_authorization_attestor.signing[each.key].name]
  }
}

resource "google_kms_crypto_key_iam_member" "deploy_signs" {
  for_each = local.signing

  crypto_key_id = google_kms_crypto_key.signing[each.key].id
  role          = "roles/cloudkms.signer"
  member        = google_service_account.deploy.member
}

resource "google_container_analysis_note_iam_member" "deploy_signs" {
  for_each = local.signing

  project = var.project
  note    = google_container_analysis_note.signing[each.key].name
  role    = "roles/containeranalysis.notes.attacher"
  member  = google_service_account.deploy.member
}

resource "google_project_iam_member" "deploy_signs" {
  for_each = local.signs

  project = var.project
  role    = each.key
  member  = google_service_account.deploy.member
}
