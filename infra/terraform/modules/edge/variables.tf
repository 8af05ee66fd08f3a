variable "project" {
  type = object({ id = string, number = string })
}

variable "domain" {
  type = string
}

variable "zone" {
  description = "The name of the public zone."
  type        = string
}

variable "routers" {
  description = "By region, the network endpoint group of its router, and the backend service of that region alone."
  type        = map(object({ group = string, backend = string }))
}

variable "drained" {
  description = "Regions that clients are led away from."
  type        = set(string)
}

variable "rules" {
  type = object({
    requests_per_minute = number
    refused_countries   = list(string)
    waf_reports_only    = bool
    log_share           = number
  })
}
