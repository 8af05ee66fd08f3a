# What has to be there before the first release, applied once by an owner of the project, and by nobody else later:
# the release pipeline cannot change its own rights, its keys, or what is written about it.

terraform {
  required_version = ">= 1.6"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 8.0, < 9.0"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 8.0, < 9.0"
    }
  }

  # The bucket is made by the first command of docs/runbooks/first-deployment.md: a state cannot hold its own bucket.
  backend "gcs" {
    prefix = "foundation"
  }
}

provider "google" {
  project               = var.project
  user_project_override = true
  billing_project       = var.project
  default_labels        = { product = "ion-mentoring" }
}

provider "google-beta" {
  project               = var.project
  user_project_override = true
  billing_project       = var.project
}
