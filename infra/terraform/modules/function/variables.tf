variable "project" {
  type = object({ id = string, number = string })
}

variable "region" {
  type = string
}

variable "name" {
  description = "As in functions.json."
  type        = string
}

variable "function" {
  description = "Its entry in functions.json."
  type = object({
    kind          = string
    memory        = string
    cpu           = string
    concurrency   = number
    min_instances = number
    max_instances = number
    timeout_s     = number
  })
}

variable "account" {
  description = "The e-mail address of the service account that it runs as."
  type        = string
}

variable "bundle" {
  description = "The file of its bundle, <name>-<hash>.zip, in the bundle bucket."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9_]+-[0-9a-f]{16}\\.zip$", var.bundle))
    error_message = "A bundle is called <name>-<16 hexadecimal digits>.zip: its content's hash is what redeploys it."
  }
}

variable "signed" {
  description = "Whether only an image that releases signed may run: the project's policy of Binary Authorization."
  type        = bool
  default     = false
}

variable "environment" {
  type = map(string)
}

variable "secrets" {
  description = "By variable, the secret and the version that it is read from."
  type        = map(object({ secret = string, version = string }))
}

variable "network" {
  description = "Where it reaches L2 and other functions; null for one that asks neither, whose instances then start without waiting for it."
  type        = object({ network = string, subnetwork = string, tag = string })
  default     = null
}

variable "callers" {
  description = "Service accounts that may call it, by a name of theirs. The router has none: it is asked by everybody, through the load balancer."
  type        = map(string)
  default     = {}
}
