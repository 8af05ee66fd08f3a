variable "project" {
  type = object({ id = string, number = string })
}

variable "region" {
  type = string
}

variable "network" {
  description = "The set's network, this region's part of it, and the tag that the firewall lets to L2."
  type        = object({ id = string, name = string, cidr = string, tag = string })
}

variable "cache" {
  description = "The size of L2; replicas a shard; whether it is protected against deletion."
  type        = object({ node_type = string, shards = number, replicas = number, protected = bool })
}

variable "functions" {
  description = "The map of functions."
  type = map(object({
    kind          = string
    topic         = optional(string)
    scope         = optional(string)
    dead          = optional(string)
    memory        = string
    cpu           = string
    concurrency   = number
    min_instances = number
    max_instances = number
    timeout_s     = number
  }))
}

variable "accounts" {
  description = "E-mail addresses of the service accounts, by function; pusher and the others that are none."
  type        = map(string)
}

variable "bundles" {
  description = "Files in the bundle bucket, by function."
  type        = map(string)
}

variable "signed" {
  description = "Whether only images that releases signed may run."
  type        = bool
  default     = false
}

variable "environment" {
  description = "What every function of the set gets, in every region."
  type        = map(string)
}

variable "secrets" {
  description = "By variable, the secret, its version, and the kinds of functions that read it."
  type        = map(object({ secret = string, version = string, kinds = list(string) }))
}

variable "schemas" {
  description = "Schemas by topic."
  type        = map(string)
}

variable "edge" {
  description = "The Cloud Armor policy before the router, and the share of requests that is logged there."
  type        = object({ policy = string, log_share = number })
}

variable "kept_in" {
  description = "The regions that messages may lie in; null for any."
  type        = list(string)
  default     = null
}
