variable "project" {
  type = object({ id = string, number = string })
}

variable "environment" {
  type = string
}

variable "domain" {
  type = string
}

variable "functions" {
  description = "The map of functions."
  type        = map(object({ kind = string, topic = optional(string), scope = optional(string), dead = optional(string) }))
}

variable "data" {
  type = object({
    location               = string
    database               = string
    point_in_time_recovery = bool
    protected              = bool
    backups                = optional(object({ daily_kept_days = number, weekly_kept_weeks = number }))
  })
}

variable "secrets" {
  description = "By variable, the secret and the kinds of functions that read it."
  type        = map(object({ secret = string, kinds = list(string) }))
}

variable "asks_gemini" {
  description = "Whether personas ask Vertex AI."
  type        = bool
}

variable "kept_in" {
  description = "The regions that messages may lie in; null for any."
  type        = list(string)
  default     = null
}
