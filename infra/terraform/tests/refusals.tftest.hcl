# What is refused before anything is planned, and that the sentence is there to be read.

mock_provider "google" {
  mock_resource "google_certificate_manager_dns_authorization" {
    defaults = { dns_resource_record = [{ name = "_acme-challenge", type = "CNAME", data = "authorize.example.com." }] }
  }
}

variables {
  project     = "ion-test-project"
  environment = "prod"
  domain      = "mentoring.example.com"
  model       = { name = "playbook" }
  data        = { backups = {} }
  alerts      = { emails = ["oncall@example.com"], pagerduty = "projects/ion-test-project/notificationChannels/1" }
  budget      = { billing_account = "000000-000000-000000", usd_a_month = 500 }
  home        = "europe-west1"
  regions     = { us-central1 = { cidr = "10.0.0.0/20" }, europe-west1 = { cidr = "10.0.16.0/20" } }

  functions = {
    router = { kind = "router", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 1, max_instances = 50, timeout_s = 60 }
    lua    = { kind = "persona", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 0, max_instances = 20, timeout_s = 60 }
  }

  release = { bundles = { router = "router-0000000000000001.zip", lua = "lua-0000000000000001.zip" } }
}

run "what_is_right_is_planned" {
  command = plan
}

run "prod_without_backups" {
  command = plan
  variables { data = {} }
  expect_failures = [terraform_data.rules]
}

run "dev_needs_none" {
  command = plan
  variables {
    environment = "dev"
    data        = { protected = false }
  }
}

run "prod_without_recovery" {
  command = plan
  variables { data = { backups = {}, point_in_time_recovery = false } }
  expect_failures = [terraform_data.rules]
}

run "prod_with_nobody_who_is_woken" {
  command = plan
  variables { alerts = { emails = ["oncall@example.com"] } }
  expect_failures = [terraform_data.rules]
}

run "prod_without_a_budget" {
  command = plan
  variables { budget = null }
  expect_failures = [terraform_data.rules]
}

run "a_channel_that_is_none" {
  command = plan
  variables { alerts = { emails = ["oncall@example.com"], pagerduty = "https://events.pagerduty.com" } }
  expect_failures = [var.alerts]
}

run "backups_kept_longer_than_can_be" {
  command = plan
  variables { data = { backups = { weekly_kept_weeks = 15 } } }
  expect_failures = [var.data]
}

run "a_region_that_is_none" {
  command = plan
  variables {
    regions = { seoul = { cidr = "10.0.0.0/20" } }
    home    = null
  }
  expect_failures = [terraform_data.rules]
}

run "no_region" {
  command = plan
  variables { regions = {} }
  expect_failures = [var.regions]
}

run "a_network_too_small_for_instances" {
  command = plan
  variables { regions = { us-central1 = { cidr = "10.0.0.0/28" } } }
  expect_failures = [var.regions]
}

run "a_worker_without_a_topic" {
  command = plan
  variables {
    functions = {
      router = { kind = "router", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 1, max_instances = 50, timeout_s = 60 }
      lua    = { kind = "worker", scope = "region", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 0, max_instances = 20, timeout_s = 60 }
    }
  }
  expect_failures = [terraform_data.rules]
}

run "a_persona_without_a_card" {
  command = plan
  variables {
    functions = {
      router = { kind = "router", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 1, max_instances = 50, timeout_s = 60 }
      sena   = { kind = "persona", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 0, max_instances = 20, timeout_s = 60 }
    }
    release = { bundles = { router = "router-0000000000000001.zip", sena = "sena-0000000000000001.zip" } }
  }
  expect_failures = [terraform_data.rules]
}

run "a_function_of_no_kind" {
  command = plan
  variables {
    functions = {
      router = { kind = "router", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 1, max_instances = 50, timeout_s = 60 }
      lua    = { kind = "prophet", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 0, max_instances = 20, timeout_s = 60 }
    }
  }
  expect_failures = [terraform_data.rules]
}

run "a_router_that_sleeps_in_several_regions" {
  command = plan
  variables {
    functions = {
      router = { kind = "router", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 0, max_instances = 50, timeout_s = 60 }
      lua    = { kind = "persona", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 0, max_instances = 20, timeout_s = 60 }
    }
  }
  expect_failures = [terraform_data.rules]
}

run "a_function_without_a_bundle" {
  command = plan
  variables { release = { bundles = { router = "router-0000000000000001.zip" } } }
  expect_failures = [terraform_data.rules]
}

run "a_release_to_a_region_that_is_not_there" {
  command = plan
  variables {
    release = {
      bundles  = { router = "router-0000000000000001.zip", lua = "lua-0000000000000001.zip" }
      previous = { router = "router-0000000000000001.zip", lua = "lua-0000000000000001.zip" }
      regions  = ["asia-northeast3"]
    }
  }
  expect_failures = [terraform_data.rules]
}

run "several_regions_and_no_home" {
  command = plan
  variables { home = null }
  expect_failures = [terraform_data.rules]
}

run "a_database_with_a_short_name" {
  command = plan
  variables { data = { backups = {}, database = "ion" } }
  expect_failures = [var.data]
}

run "a_home_that_is_not_there" {
  command = plan
  variables { home = "asia-northeast3" }
  expect_failures = [terraform_data.rules]
}

run "a_region_is_drained" {
  command = plan
  variables {
    drained = ["europe-west1"]
    home    = "us-central1"
  }
}

run "the_region_of_the_batches_is_drained" {
  command = plan
  variables { drained = ["europe-west1"] }
  expect_failures = [terraform_data.rules]
}

run "all_regions_are_drained" {
  command = plan
  variables { drained = ["europe-west1", "us-central1"] }
  expect_failures = [terraform_data.rules]
}

run "a_region_is_drained_that_is_not_there" {
  command = plan
  variables { drained = ["asia-northeast3"] }
  expect_failures = [terraform_data.rules]
}

run "a_secret_among_the_settings" {
  command = plan
  variables { settings = { API_KEYS = "acme:service:0" } }
  expect_failures = [terraform_data.rules]
}

run "a_secret_that_nobody_knows" {
  command = plan
  variables { secrets = ["CACHE_KEY_SECRET", "API_KEYS", "PASSWORD"] }
  expect_failures = [terraform_data.rules]
}

run "no_key_for_the_caches" {
  command = plan
  variables { secrets = ["API_KEYS"] }
  expect_failures = [var.secrets]
}

run "a_server_without_an_address" {
  command = plan
  variables { model = { name = "openai:llama3.2" } }
  expect_failures = [terraform_data.rules]
}

run "a_model_that_is_none" {
  command = plan
  variables { model = { name = "claude" } }
  expect_failures = [var.model]
}

run "an_environment_that_is_none" {
  command = plan
  variables { environment = "production" }
  expect_failures = [var.environment]
}

run "a_project_that_is_none" {
  command = plan
  variables { project = "Ion" }
  expect_failures = [var.project]
}

run "a_domain_that_is_none" {
  command = plan
  variables { domain = "https://mentoring.example.com/" }
  expect_failures = [var.domain]
}

run "a_country_that_is_none" {
  command = plan
  variables { edge = { refused_countries = ["korea"] } }
  expect_failures = [var.edge]
}
