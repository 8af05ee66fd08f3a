# Where releases lie: bundles by their content's hash, and the images that are built from them.

resource "google_storage_bucket" "bundles" {
  #checkov:skip=CKV_GCP_62:Who reads and writes it stands in the audit log, which is kept longer than an access log.
  project                     = var.project
  name                        = "${var.project}-bundles"
  location                    = "US" # a multi-region: one region less does not keep the others from being deployed
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  encryption {
    default_kms_key_name = google_kms_crypto_key.ion["bundles"].id
  }

  # Bundles stay: what nobody changed for a year still runs from one, and is gone back to. A year of them costs cents.
  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      days_since_noncurrent_time = 90
    }
  }

  depends_on = [google_kms_crypto_key_iam_member.user]
}

# What releases run in. A tag stays what it was: whoever builds functions runs what others wrote, and must not change what deploys.
resource "google_artifact_registry_repository" "release" {
  project       = var.project
  location      = "us"
  repository_id = "release"
  description   = "The image that the steps of releases run in."
  format        = "DOCKER"
  kms_key_name  = google_kms_crypto_key.ion["images"].id

  docker_config {
    immutable_tags = true
  }

  depends_on = [google_kms_crypto_key_iam_member.user]
}

resource "google_artifact_registry_repository" "functions" {
  project       = var.project
  location      = "us"
  repository_id = "functions"
  description   = "Images of the functions, built from their bundles."
  format        = "DOCKER"
  kms_key_name  = google_kms_crypto_key.ion["images"].id

  cleanup_policies {
    id     = "keep-ten"
    action = "KEEP"

    most_recent_versions {
      keep_count = 10
    }
  }

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"

    condition {
      older_than = "7776000s"
    }
  }

  depends_on = [google_kms_crypto_key_iam_member.user]
}
