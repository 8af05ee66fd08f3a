# What this configuration is written for. The provider's range is what the checks cover: see docs/decisions/0019-provider-range.md.
terraform {
  required_version = ">= 1.6"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 8.0, < 9.0"
    }
  }
}
