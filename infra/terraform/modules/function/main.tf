# One Cloud Run function in one region, and who may call it.

locals {
  router  = var.function.kind == "router"
  service = "ion-${replace(var.name, "_", "-")}"
  digest  = regex("-([0-9a-f]{16})\\.zip$", var.bundle)[0]

  # Sources: docs/infrastructure-facts.md. Python as in infra/bundling/platform.py, which chooses the wheels of the bundles for it.
  base_image = "${var.region}-docker.pkg.dev/serverless-runtimes/google-22/runtimes/python313"

  # Built from the bundle before this is applied (infra/releasing/builds.py): once, and the same bytes run in every region.
  image = "us-docker.pkg.dev/${var.project.id}/functions/${local.service}:${local.digest}"

  # Of the router, a path that asks nobody else: a cache or a store that is away is no reason to leave a region.
  health = "/health"
}

resource "google_cloud_run_v2_service" "this" {
  project             = var.project.id
  location            = var.region
  name                = local.service
  description         = "ION Mentoring: ${var.name} (${var.function.kind})"
  deletion_protection = false # it holds nothing, and a function that leaves the map has to go

  # The load balancer alone reaches the router; Pub/Sub and the set's own network alone reach the others.
  ingress              = local.router ? "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" : "INGRESS_TRAFFIC_INTERNAL_ONLY"
  invoker_iam_disabled = local.router

  # The foundation made the policy; a revision of an image that it refuses does not come up.
  dynamic "binary_authorization" {
    for_each = var.signed ? [true] : []

    content {
      use_default = binary_authorization.value
    }
  }

  # Says where the image came from; it starts no build.
  build_config {
    source_location          = "gs://${var.project.id}-bundles/${var.bundle}"
    function_target          = "handle"
    base_image               = local.base_image
    enable_automatic_updates = true # security fixes of the base image come without a build
    image_uri                = local.image
    service_account          = "projects/${var.project.id}/serviceAccounts/builder@${var.project.id}.iam.gserviceaccount.com"
  }

  template {
    service_account                  = var.account
    timeout                          = "${var.function.timeout_s}s"
    max_instance_request_concurrency = var.function.concurrency
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"

    labels = {
      function = replace(var.name, "_", "-")
      bundle   = local.digest
    }

    scaling {
      min_instance_count = var.function.min_instances
      max_instance_count = var.function.max_instances
    }

    # Private addresses alone go through the network: L2, and the other functions by the private zone of run.app.
    dynamic "vpc_access" {
      for_each = var.network != null ? [var.network] : []

      content {
        egress = "PRIVATE_RANGES_ONLY"

        network_interfaces {
          network    = vpc_access.value.network
          subnetwork = vpc_access.value.subnetwork
          tags       = [vpc_access.value.tag]
        }
      }
    }

    containers {
      image          = local.image
      base_image_uri = local.base_image

      resources {
        limits            = { cpu = var.function.cpu, memory = var.function.memory }
        cpu_idle          = true # processor time during requests only, which the code is written for
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = var.environment

        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = var.secrets

        content {
          name = env.key

          value_source {
            secret_key_ref {
              secret  = "projects/${var.project.number}/secrets/${env.value.secret}"
              version = env.value.version
            }
          }
        }
      }

      # Also builds what the function builds at its first request, before a person's request comes.
      startup_probe {
        period_seconds    = 2
        timeout_seconds   = 2
        failure_threshold = 30

        http_get {
          path = local.health
        }
      }

      # The router's health in its region, by which the load balancer leaves the region and comes back.
      dynamic "readiness_probe" {
        for_each = local.router ? [local.health] : []

        content {
          period_seconds    = 3
          timeout_seconds   = 2
          failure_threshold = 3
          success_threshold = 2

          http_get {
            path = readiness_probe.value
          }
        }
      }
    }
  }

  traffic {
    type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    percent = 100
  }
}

resource "google_cloud_run_v2_service_iam_member" "caller" {
  for_each = var.callers

  project  = var.project.id
  location = var.region
  name     = google_cloud_run_v2_service.this.name
  role     = "roles/run.invoker"
  member   = "serviceAccount:${each.value}"
}
