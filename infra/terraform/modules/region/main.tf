# One region: its part of the network, its L2, its functions, the topics that are its own. Losing it loses nothing that lasts.

locals {
  by_kind = { for kind in ["router", "persona", "worker"] : kind =>
    { for name, f in var.functions : name => f if f.kind == kind }
  }

  # Topics of workers that serve this region alone: what is published here is answered here, into this region's L2.
  own = { for name, f in local.by_kind["worker"] : name => f if f.scope == "region" }

  subnetwork = {
    network    = var.network.id
    subnetwork = google_compute_subnetwork.functions.id
    tag        = var.network.tag
  }

  secrets = { for kind in keys(local.by_kind) : kind =>
    { for name, secret in var.secrets : name => { secret = secret.secret, version = secret.version } if contains(secret.kinds, kind) }
  }

  here = merge(var.environment, { REGION = var.region })

  # Whoever asks personas, and has L2: the router and the workers.
  asking = merge(
    local.here,
    {
      CACHE_INSTANCE = "projects/${var.project.id}/locations/${var.region}/instances/${google_memorystore_instance.cache.instance_id}"
    },
    { for name, made in module.persona : "PERSONA_URL_${upper(name)}" => made.service.url },
  )

  # Who calls personas: let in by the platform (callers), and looked at by the function itself (INNER_CALLERS).
  askers = { for name, f in var.functions : name => var.accounts[name] if f.kind != "persona" }

  persona = { for name, value in local.here : name => value if !contains(["STORE", "SEALING_KMS_KEY"], name) }
}

resource "google_compute_subnetwork" "functions" {
  project                  = var.project.id
  region                   = var.region
  name                     = "ion-${var.region}"
  network                  = var.network.id
  ip_cidr_range            = var.network.cidr
  private_ip_google_access = true # the way to the functions that take calls of this network alone

  log_config {
    aggregation_interval = "INTERVAL_10_MIN"
    flow_sampling        = 0.1
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

module "persona" {
  source   = "../function"
  for_each = local.by_kind["persona"]

  project     = var.project
  region      = var.region
  name        = each.key
  function    = each.value
  account     = var.accounts[each.key]
  bundle      = var.bundles[each.key]
  signed      = var.signed
  environment = merge(local.persona, { INNER_CALLERS = join(",", values(local.askers)) })
  secrets     = local.secrets["persona"]
  callers     = local.askers
}

module "router" {
  source   = "../function"
  for_each = local.by_kind["router"]

  project  = var.project
  region   = var.region
  name     = each.key
  function = each.value
  account  = var.accounts[each.key]
  bundle   = var.bundles[each.key]
  signed   = var.signed
  environment = merge(
    local.asking,
    { for name, f in local.own : "${upper(name)}_TOPIC" => google_pubsub_topic.own[f.topic].name }, # WARMING_TOPIC
  )
  secrets = local.secrets["router"]
  network = local.subnetwork
}

module "worker" {
  source   = "../function"
  for_each = local.by_kind["worker"]

  project     = var.project
  region      = var.region
  name        = each.key
  function    = each.value
  account     = var.accounts[each.key]
  bundle      = var.bundles[each.key]
  signed      = var.signed
  environment = merge(local.asking, { INNER_CALLERS = var.accounts["pusher"] })
  secrets     = local.secrets["worker"]
  network     = local.subnetwork
}
