# The development set: values only. What they mean stands in ../../variables.tf.

terraform {
  required_version = ">= 1.6"

  # The foundation made the bucket, <project>-state; make names it (backends take no variables).
  backend "gcs" {
    prefix = "ion"
  }
}

provider "google" {
  project               = var.project
  user_project_override = true
  billing_project       = var.project

  default_labels = { product = "ion-mentoring", environment = "dev" }
}

variable "project" {
  description = "The project id: the one value to fill in, in terraform.tfvars."
  type        = string
}

module "ion" {
  source = "../.."

  project     = var.project
  environment = "dev"
  domain      = "mentoring-dev.example.com"

  regions = {
    asia-northeast3 = { cidr = "10.16.0.0/20" }
    us-central1     = { cidr = "10.16.16.0/20" }
    europe-west1    = { cidr = "10.16.32.0/20" }
  }

  home = "us-central1" # the nearest to the database

  model = { name = "playbook" }
  data  = { protected = false }

  # What make plan and make deploy want to run; without it, the plan says what to do.
  release = try(jsondecode(file("${path.root}/../../../../build/release.json")), { bundles = {} })
}

output "address" {
  value = module.ion.address
}

output "regions" {
  value = module.ion.regions
}

output "home" {
  value = module.ion.home
}

output "signed" {
  value = module.ion.signed
}

output "name_servers" {
  value = module.ion.name_servers
}
