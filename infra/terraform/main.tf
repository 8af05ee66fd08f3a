# The set: what exists once, then each region, then what leads to the regions and what watches them.

data "google_project" "this" {
  count = var.assumed == null ? 1 : 0

  project_id = var.project
}

locals {
  listed    = var.functions != null ? var.functions : jsondecode(file("${path.module}/functions.json"))
  functions = { for name, f in local.listed : name => merge({ topic = null, scope = null, dead = null }, f) }
  known     = jsondecode(file("${path.module}/secrets.json"))
  places    = jsondecode(file("${path.module}/places.json"))
  cards     = "${path.module}/../../shared/ion_mentoring/personas/cards"
  project   = { id = var.project, number = var.assumed == null ? data.google_project.this[0].number : var.assumed.number }
  home      = var.home != null ? var.home : keys(var.regions)[0]

  # Where people's words may lie; null for anywhere.
  asks_gemini = anytrue([for name in concat([var.model.name, var.model.fallback], values(var.model.variants)) : startswith(name, "gemini:")])
  residency   = var.residency == null ? null : lookup(local.places.jurisdictions, var.residency, { regions = [], databases = [], models = [] })
  kept_in     = local.residency == null ? null : [for region in keys(var.regions) : region if contains(local.residency.regions, region)]

  # While a release goes around, the regions that it has not reached yet keep the bundles of before; a function that is new with
  # it has none of before. One without any is refused below: its stand-in keeps that refusal the only one.
  reached = { for region in keys(var.regions) : region => var.release.regions == null ? true : contains(var.release.regions, region) }
  bundles = { for region, reached in local.reached : region => { for name in keys(local.functions) : name => lookup(
    reached ? {} : var.release.previous, name, lookup(var.release.bundles, name, "${name}-0000000000000000.zip")
  ) } }

  environment = merge(
    {
      ENVIRONMENT          = var.environment
      GOOGLE_CLOUD_PROJECT = var.project
      MODEL                = var.model.name
      FALLBACK_MODEL       = var.model.fallback
      MODEL_LOCATION       = var.model.location
    },
    var.model.url == null ? {} : { MODEL_URL = var.model.url },
    length(var.model.variants) == 0 ? {} : { MODEL_VARIANTS = join(" ", [for name, model in var.model.variants : "${name}=${model}"]) },
    var.model.variants_url == null ? {} : { MODEL_VARIANTS_URL = var.model.variants_url },
    var.settings,
  )
}

# What types cannot say, and what a variable's own validation may not look at before Terraform 1.9. Nothing is planned beside it
# when something is refused.
resource "terraform_data" "rules" {
  lifecycle {
    precondition {
      condition     = length(setsubtract(keys(var.regions), keys(local.places.regions))) == 0
      error_message = "No region of infra/terraform/places.json: ${join(", ", setsubtract(keys(var.regions), keys(local.places.regions)))}. It knows asia-northeast3 (Seoul) and others; a new one of Google's is added there first."
    }
    precondition {
      condition     = length(setintersection(keys(var.settings), keys(local.known))) == 0
      error_message = "settings has a secret in it: ${join(", ", setintersection(keys(var.settings), keys(local.known)))}. Its value would stand in the plan and in the state: put it into Secret Manager and name it in secrets."
    }
    precondition {
      condition     = !contains(var.secrets, "JWT_KEY") || length(setsubtract(["JWT_ISSUER", "JWT_AUDIENCE"], keys(var.settings))) == 0
      error_message = "secrets has JWT_KEY, and settings lacks JWT_ISSUER or JWT_AUDIENCE: the router refuses to start."
    }
    precondition {
      condition     = length(setsubtract(var.secrets, keys(local.known))) == 0
      error_message = "secrets names what infra/terraform/secrets.json does not know: ${join(", ", setsubtract(var.secrets, keys(local.known)))}."
    }
    precondition {
      condition     = length([for f in values(local.functions) : f if f.kind == "router"]) == 1
      error_message = "functions.json has to have exactly one function of kind router."
    }
    precondition {
      condition     = alltrue([for f in values(local.functions) : contains(["router", "persona", "worker"], f.kind)])
      error_message = "functions.json: a function is of kind router, persona or worker."
    }
    precondition {
      condition     = alltrue([for f in values(local.functions) : f.topic != null if f.kind == "worker"])
      error_message = "functions.json: a worker without a topic: ${join(", ", [for name, f in local.functions : name if f.kind == "worker" && f.topic == null])}. Nobody would ever call it."
    }
    precondition {
      condition     = alltrue([for f in values(local.functions) : try(contains(["global", "region"], f.scope), false) if f.kind == "worker"])
      error_message = "functions.json: a worker's scope says whether one topic serves all regions (global) or each region has its own (region)."
    }
    precondition {
      condition     = alltrue([for name, f in local.functions : fileexists("${local.cards}/${name}.toml") if f.kind == "persona"])
      error_message = "functions.json: a persona without a card: ${join(", ", [for name, f in local.functions : name if f.kind == "persona" && !fileexists("${local.cards}/${name}.toml")])}. make persona name=... writes both."
    }
    precondition {
      condition     = alltrue([for f in values(local.functions) : f.timeout_s <= 600])
      error_message = "functions.json: no function may take longer than 600 s, the longest time that Pub/Sub waits for an answer."
    }
    precondition {
      condition     = length(var.regions) == 1 || alltrue([for f in values(local.functions) : f.min_instances >= 1 if f.kind == "router"])
      error_message = "The router needs min_instances of 1 or more with several regions: a region without an instance has no health that the load balancer could see."
    }
    precondition {
      condition     = alltrue([for name in keys(local.functions) : contains(keys(var.release.bundles), name)])
      error_message = "No bundle for: ${join(", ", [for name in keys(local.functions) : name if !contains(keys(var.release.bundles), name)])}. make bundle makes them; make plan does so by itself."
    }
    precondition {
      condition     = alltrue([for region in coalesce(var.release.regions, []) : contains(keys(var.regions), region)])
      error_message = "The release names a region that the set does not have; it has ${join(", ", keys(var.regions))}."
    }
    precondition {
      condition     = length(setsubtract(var.drained, keys(var.regions))) == 0 && length(var.drained) < length(var.regions)
      error_message = "drained names a region that the set does not have, or all of them; it has ${join(", ", keys(var.regions))}."
    }
    precondition {
      condition     = !contains(var.drained, local.home)
      error_message = "${local.home} is drained and works on batches: set home to another one."
    }
    precondition {
      condition     = var.home != null || length(var.regions) == 1
      error_message = "home has to be said where there are several regions: the one that works on batches and looks for backups."
    }
    precondition {
      condition     = contains(keys(var.regions), local.home)
      error_message = "home is none of the set's regions; it has ${join(", ", keys(var.regions))}."
    }
    precondition {
      condition     = var.environment != "prod" || var.data.backups != null
      error_message = "prod does not run without backups: set data.backups, {} is daily for 7 days and weekly for 4 weeks."
    }
    precondition {
      condition     = var.environment != "prod" || (var.data.point_in_time_recovery && var.data.protected)
      error_message = "prod does not run without point-in-time recovery and protection against deletion (data.point_in_time_recovery, data.protected)."
    }
    precondition {
      condition     = var.environment != "prod" || (var.alerts.pagerduty != null && length(var.alerts.emails) > 0)
      error_message = "prod does not run without somebody who is woken: alerts.pagerduty names a channel, and alerts.emails an address beside it."
    }
    precondition {
      condition     = var.environment != "prod" || var.budget != null
      error_message = "prod does not run without a budget, since strangers may ask a model that is paid for: set budget."
    }
    precondition {
      condition     = contains(concat(keys(local.places.databases), keys(local.places.regions)), var.data.location)
      error_message = "data.location is nam5, eur3 or a region of places.json."
    }
    precondition {
      condition     = var.residency == null || contains(keys(local.places.jurisdictions), coalesce(var.residency, "none"))
      error_message = "residency is none of the jurisdictions of places.json: ${join(", ", keys(local.places.jurisdictions))}."
    }
    precondition {
      condition     = local.residency == null ? true : length(setsubtract(keys(var.regions), local.residency.regions)) == 0
      error_message = "residency keeps people's words in ${coalesce(var.residency, "none")}, and these regions are elsewhere: ${join(", ", setsubtract(keys(var.regions), try(local.residency.regions, [])))}. They are a set of their own."
    }
    precondition {
      condition     = local.residency == null ? true : contains(concat(local.residency.regions, local.residency.databases), var.data.location)
      error_message = "residency keeps people's words in ${coalesce(var.residency, "none")}, and data.location would keep them in ${var.data.location}."
    }
    precondition {
      condition     = local.residency == null || !local.asks_gemini ? true : contains(concat(local.residency.regions, local.residency.models), var.model.location)
      error_message = "residency keeps people's words in ${coalesce(var.residency, "none")}, and model.location would send them to ${var.model.location}: global is any place of Google's."
    }
    precondition {
      condition     = !startswith(var.model.name, "openai:") || var.model.url != null
      error_message = "model.name is openai:..., so model.url has to say where its server is (up to /v1)."
    }
    precondition {
      condition     = alltrue([for name in values(var.model.variants) : !startswith(name, "openai:")]) || var.model.variants_url != null || (startswith(var.model.name, "openai:") && var.model.url != null)
      error_message = "model.variants has openai:..., so model.variants_url has to say where its server is, unless model.name is asked there, too."
    }
  }
}

# Only that there is a version and which one is the latest; the value stays where it is.
data "google_secret_manager_secret_version" "set" {
  for_each = var.assumed == null ? local.named : []

  project           = var.project
  secret            = local.known[each.key].secret
  fetch_secret_data = false
}

locals {
  named = setintersection(var.secrets, keys(local.known))
  secrets = { for name in local.named : name => {
    secret  = local.known[name].secret
    kinds   = local.known[name].kinds
    version = var.assumed == null ? data.google_secret_manager_secret_version.set[name].version : var.assumed.version
  } }
}

module "global" {
  source = "./modules/global"

  project     = local.project
  environment = var.environment
  domain      = var.domain
  functions   = local.functions
  data        = var.data
  secrets     = local.secrets
  asks_gemini = local.asks_gemini
  kept_in     = local.kept_in

  depends_on = [terraform_data.rules]
}

module "region" {
  source   = "./modules/region"
  for_each = var.regions

  project     = local.project
  region      = each.key
  network     = merge(module.global.network, { cidr = each.value.cidr })
  cache       = merge(each.value.cache, { protected = var.environment == "prod" })
  functions   = local.functions
  accounts    = module.global.accounts
  bundles     = local.bundles[each.key]
  signed      = var.signed
  environment = merge(local.environment, { STORE = module.global.store, SEALING_KMS_KEY = module.global.words_key })
  secrets     = local.secrets
  schemas     = module.global.schemas
  kept_in     = local.kept_in
  edge        = { policy = module.edge.policy, log_share = var.edge.log_share }
}

# What comes to a topic that serves all regions goes to one of them, which one apply changes.
module "delivery" {
  source   = "./modules/delivery"
  for_each = { for name, f in local.functions : name => f if f.kind == "worker" && f.scope == "global" }

  project = local.project
  topic   = module.global.topics[each.value.topic]
  service = module.region[local.home].services[each.key]
  kept_in = local.kept_in
  pusher  = module.global.accounts["pusher"]
  buries  = each.value.dead
  tends   = each.value.dead != null
}

module "edge" {
  source = "./modules/edge"

  project = local.project
  domain  = var.domain
  zone    = module.global.zone
  routers = { for region, made in module.region : region => made.router }
  drained = var.drained
  rules   = var.edge
}

module "monitoring" {
  source = "./modules/monitoring"

  project  = local.project
  domain   = var.domain
  regions  = keys(var.regions)
  home     = local.home
  router   = module.edge.router
  personas = toset([for name, function in local.functions : name if function.kind == "persona"])
  dead = merge(
    { for name, made in module.delivery : name => made.dead },
    [for made in values(module.region) : made.dead]...
  )
  caches          = { for region, made in module.region : region => made.cache }
  database        = module.global.database
  backed_up       = var.data.backups != null
  backups_account = module.global.accounts["backups"]
  alerts          = var.alerts
  budget          = var.budget
}
