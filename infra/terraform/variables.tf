# What an environment may say; everything else is derived from it, from functions.json, places.json and secrets.json.

variable "project" {
  description = "The id of a project that the foundation was applied to."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "environment" {
  description = "What the functions see as ENVIRONMENT."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "An environment is dev, staging or prod."
  }
}

variable "domain" {
  description = "The one address, such as mentoring.example.com. Each region answers under <region>.<domain>, too. Its zone is made here: delegate it."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "A domain is a host name in lower case with at least one dot, without a protocol or a final dot."
  }
}

variable "regions" {
  description = "Where the set runs: by region, the network of its functions (a /24 or larger: an instance takes an address) and the size of its L2."
  type = map(object({
    cidr = string
    cache = optional(object({
      node_type = optional(string, "SHARED_CORE_NANO")
      shards    = optional(number, 1)
      replicas  = optional(number, 0)
    }), {})
  }))

  validation {
    condition     = length(var.regions) > 0
    error_message = "At least one region is needed."
  }

  validation {
    condition     = alltrue([for region in values(var.regions) : try(tonumber(split("/", region.cidr)[1]) <= 24, false) && can(cidrhost(region.cidr, 0))])
    error_message = "A region's cidr is a network such as 10.16.0.0/20, with a prefix of 24 or less: every instance takes addresses of it."
  }
}

variable "home" {
  description = "The region that works for all: its batch function gets the messages of mentoring-batch, and it looks for backups. It has to be said where there are several; change it when that region is lost."
  type        = string
  default     = null
}

variable "drained" {
  description = "Regions that clients are led away from; they go on answering under their own names."
  type        = set(string)
  default     = []
}

variable "functions" {
  description = "The map of functions; null is functions.json, as it should be outside of tests."
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
  default = null
}

variable "release" {
  description = "What to run: the bundle of each function; those of before, and the regions that already get the new ones (null: all), while a release goes around."
  type = object({
    bundles  = map(string)
    previous = optional(map(string), {})
    regions  = optional(list(string))
  })
}

variable "signed" {
  description = "Whether functions run only images that releases signed (Binary Authorization); the foundation's `signed` makes what that needs."
  type        = bool
  default     = false
}

variable "model" {
  description = "Which model answers, as MODEL, FALLBACK_MODEL, MODEL_LOCATION and MODEL_URL of docs/settings.md. `variants` are what experiments may compare it with, by name (MODEL_VARIANTS, MODEL_VARIANTS_URL)."
  type = object({
    name         = string
    fallback     = optional(string, "playbook")
    location     = optional(string, "global")
    url          = optional(string)
    variants     = optional(map(string), {})
    variants_url = optional(string)
  })

  validation {
    condition     = can(regex("^(playbook|gemini:[^\\s,=]+|openai:[^\\s,=]+)$", var.model.name))
    error_message = "A model is playbook, gemini:<model> or openai:<model>."
  }

  validation {
    condition     = alltrue([for name, model in var.model.variants : can(regex("^[a-z0-9][a-z0-9_-]{0,63}=(playbook|gemini:[^\\s,=]+|openai:[^\\s,=]+)$", "${name}=${model}"))])
    error_message = "model.variants has names (a-z, 0-9, _ and -) of models: playbook, gemini:<model> or openai:<model>."
  }
}

variable "settings" {
  description = "Further settings of docs/settings.md for every function, such as RATE_LIMIT_PER_MINUTE or V1_OPEN. No secrets: see `secrets`."
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Those settings of secrets.json that have a value in Secret Manager; the foundation made the secrets, a person adds versions."
  type        = set(string)
  default     = ["CACHE_KEY_SECRET", "API_KEYS"]

  validation {
    condition     = contains(var.secrets, "CACHE_KEY_SECRET")
    error_message = "secrets has to have CACHE_KEY_SECRET: without it the instances of a region share nothing in their L2."
  }

  validation {
    condition     = length(setintersection(var.secrets, ["API_KEYS", "JWT_KEY", "JWT_ISSUERS"])) > 0
    error_message = "secrets has to have API_KEYS, JWT_KEY or JWT_ISSUERS: without a way to sign in the router refuses to start."
  }
}

variable "data" {
  description = "The database: nam5 and eur3 survive the loss of a region. Its location can never be changed (docs/decisions/0020-firestore-in-nam5.md)."
  type = object({
    location               = optional(string, "nam5")
    database               = optional(string, "mentoring")
    point_in_time_recovery = optional(bool, true)
    protected              = optional(bool, true)
    backups = optional(object({
      daily_kept_days   = optional(number, 7)
      weekly_kept_weeks = optional(number, 4)
    }))
  })
  default = {}

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.data.database))
    error_message = "A database is called by 4 to 63 lower-case letters, digits and hyphens, a letter first."
  }

  validation {
    condition     = try(var.data.backups.daily_kept_days <= 98 && var.data.backups.weekly_kept_weeks <= 14, true)
    error_message = "Firestore keeps a backup for 14 weeks (98 days) at most."
  }
}

variable "residency" {
  description = "The jurisdiction that people's words must not leave, one of places.json (kr, eu, us); null where they may. A set is in one alone: others have sets of their own (docs/decisions/0069-a-set-per-jurisdiction.md)."
  type        = string
  default     = null
}

variable "edge" {
  description = "What the load balancer lets in: requests a minute from one address, countries (ISO 3166) that are refused, and whether the WAF's rules only report."
  type = object({
    requests_per_minute = optional(number, 600)
    refused_countries   = optional(list(string), [])
    waf_reports_only    = optional(bool, false)
    log_share           = optional(number, 1)
  })
  default = {}

  validation {
    condition     = alltrue([for country in var.edge.refused_countries : can(regex("^[A-Z]{2}$", country))])
    error_message = "A country is two capital letters (ISO 3166-1), such as KP."
  }
}

variable "alerts" {
  description = "Who is told: e-mail addresses; the channels of Slack and PagerDuty that a person made, projects/P/notificationChannels/N; the URL at which the look for backups checks in with Sentry."
  type = object({
    emails    = optional(list(string), [])
    slack     = optional(string)
    pagerduty = optional(string)
    check_in  = optional(string)
  })
  default = {}

  validation {
    condition     = alltrue([for channel in compact([var.alerts.slack, var.alerts.pagerduty]) : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "A channel is projects/P/notificationChannels/N, as gcloud beta monitoring channels list shows it."
  }

  validation {
    condition     = var.alerts.check_in == null || can(regex("^https://[^/]+/api/[0-9]+/cron/[a-z0-9_-]+/[0-9a-f]+/$", var.alerts.check_in))
    error_message = "A check-in is https://INGEST/api/PROJECT/cron/MONITOR/PUBLIC_KEY/, with the parts of Sentry's DSN."
  }
}

variable "budget" {
  description = "Whose bill it is on (whoever deploys needs roles/billing.costsManager there, and whoever plans, roles/billing.viewer), and the USD a month of which 50, 90 and 100 % are told; null for no budget."
  type        = object({ billing_account = string, usd_a_month = number })
  default     = null
}

variable "assumed" {
  description = "For a plan without a cloud: the project's number and the version of all secrets, which are looked up otherwise."
  type        = object({ number = string, version = string })
  default     = null
}
