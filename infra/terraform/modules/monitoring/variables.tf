variable "project" {
  type = object({ id = string, number = string })
}

variable "domain" {
  type = string
}

variable "regions" {
  type = list(string)
}

variable "home" {
  description = "The region that looks for backups."
  type        = string
}

variable "personas" {
  description = "The personas that are missed when they answer nobody."
  type        = set(string)
}

variable "router" {
  description = "The name of the backend service of all routers."
  type        = string
}

variable "dead" {
  description = "Subscriptions where dead letters wait, by topic."
  type        = map(string)
}

variable "caches" {
  description = "Memorystore instances, by region."
  type        = map(string)
}

variable "database" {
  type = object({ name = string, location = string })
}

variable "backed_up" {
  description = "Whether there are backups, which have to be looked for."
  type        = bool
}

variable "backups_account" {
  description = "The e-mail address of the account that looks for backups."
  type        = string
}

variable "alerts" {
  type = object({
    emails    = list(string)
    slack     = optional(string)
    pagerduty = optional(string)
    check_in  = optional(string)
  })
}

variable "budget" {
  type    = object({ billing_account = string, usd_a_month = number })
  default = null
}
