# The production set: values only. What they mean stands in ../../variables.tf.

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

  default_labels = { product = "ion-mentoring", environment = "prod" }
}

variable "project" {
  description = "The project id: the one value to fill in, in terraform.tfvars."
  type        = string
}

module "ion" {
  source = "../.."

  project     = var.project
  environment = "prod"
  domain      = "mentoring.example.com"

  regions = {
    asia-northeast3 = { cidr = "10.32.0.0/20", cache = { node_type = "STANDARD_SMALL", replicas = 1 } }
    us-central1     = { cidr = "10.32.16.0/20", cache = { node_type = "STANDARD_SMALL", replicas = 1 } }
    europe-west1    = { cidr = "10.32.32.0/20", cache = { node_type = "STANDARD_SMALL", replicas = 1 } }
  }

  home = "us-central1" # the nearest to the database

  # Does not think before it speaks, which the latency goals and the bill rest on (docs/costs.md).
  model    = { name = "gemini:gemini-2.5-flash-lite" }
  settings = { V1_OPEN = "true" }
  data     = { backups = {} }

  alerts = {
    emails    = ["oncall@example.com"]
    pagerduty = "projects/ion-mentoring-prod/notificationChannels/1"
  }

  budget = { billing_account = "000000-000000-000000", usd_a_month = 2500 }

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
