variable "project" {
  description = "The project id."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "environment" {
  description = "dev, staging or prod; what is built from here goes there."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "An environment is dev, staging or prod."
  }
}

variable "repository" {
  description = "The Cloud Build connection to the repository (projects/P/locations/L/connections/C/repositories/R); null while releases are made by hand."
  type        = string
  default     = null

  validation {
    condition     = var.repository == null || can(regex("^projects/[^/]+/locations/[^/]+/connections/[^/]+/repositories/[^/]+$", var.repository))
    error_message = "A repository is projects/P/locations/L/connections/C/repositories/R, as gcloud builds repositories list shows it."
  }
}

variable "approvers" {
  description = "Who may approve a release, such as group:release@example.com."
  type        = list(string)
  default     = []
}

variable "signed" {
  description = "Whether Cloud Run starts only images that releases signed (Binary Authorization). Then `signed` of the environment has to be true, too (docs/runbooks/releasing.md#signed-images)."
  type        = bool
  default     = false
}

variable "told" {
  description = "Who hears by e-mail that a night's build failed: what was changed beside Terraform, or a load that was not borne."
  type        = list(string)
  default     = []
}
