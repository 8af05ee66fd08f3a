# What there is in three regions, what another region adds, and what goes with a function.
# The provider is a mock: its invented values stay as long as a resource does, so one that was replaced shows.

mock_provider "google" {
  mock_resource "google_certificate_manager_dns_authorization" {
    defaults = { dns_resource_record = [{ name = "_acme-challenge", type = "CNAME", data = "authorize.example.com." }] }
  }
}

variables {
  project     = "ion-test-project"
  environment = "prod"
  domain      = "mentoring.example.com"
  model       = { name = "gemini:gemini-2.5-flash" }
  data        = { backups = {} }
  alerts      = { emails = ["oncall@example.com"], pagerduty = "projects/ion-test-project/notificationChannels/1" }
  budget      = { billing_account = "000000-000000-000000", usd_a_month = 500 }
  home        = "us-central1"

  regions = {
    asia-northeast3 = { cidr = "10.0.0.0/20" }
    us-central1     = { cidr = "10.0.16.0/20" }
    europe-west1    = { cidr = "10.0.32.0/20" }
  }

  release = { bundles = {
    router  = "router-0000000000000001.zip"
    lua     = "lua-0000000000000001.zip"
    elro    = "elro-0000000000000001.zip"
    riri    = "riri-0000000000000001.zip"
    nana    = "nana-0000000000000001.zip"
    batch   = "batch-0000000000000001.zip"
    warming = "warming-0000000000000001.zip"
  } }
}

run "three_regions" {
  assert {
    condition     = length(output.functions) == 3 && alltrue([for region in values(output.functions) : length(region) == 7])
    error_message = "Three regions have seven functions each."
  }

  assert {
    condition     = length(distinct(flatten([for region in values(output.functions) : values(region)]))) == 21
    error_message = "Every function has a service of its own in every region."
  }

  assert {
    condition     = length(output.accounts) == 9
    error_message = "Seven functions, the pusher and the look for backups have an account each, whatever the number of regions."
  }

  assert {
    condition     = output.address == "https://mentoring.example.com" && output.regions["us-central1"] == "https://us-central1.mentoring.example.com"
    error_message = "There is one address, and one for each region."
  }

  assert {
    condition     = length(output.addresses) == 2
    error_message = "The one address has IPv4 and IPv6."
  }
}

run "another_region" {
  variables {
    regions = {
      asia-northeast3    = { cidr = "10.0.0.0/20" }
      us-central1        = { cidr = "10.0.16.0/20" }
      europe-west1       = { cidr = "10.0.32.0/20" }
      southamerica-east1 = { cidr = "10.0.48.0/20" }
    }
  }

  assert {
    condition     = toset(keys(output.functions)) == setunion(keys(run.three_regions.functions), ["southamerica-east1"])
    error_message = "A region in the map is a region more."
  }

  assert {
    condition     = alltrue([for region, functions in run.three_regions.functions : output.functions[region] == functions])
    error_message = "The other regions' functions are the same ones as before."
  }

  assert {
    condition     = output.accounts == run.three_regions.accounts && output.addresses == run.three_regions.addresses
    error_message = "Accounts and addresses are the same ones as before."
  }
}

run "a_region_less" {
  assert {
    condition     = output.functions == run.three_regions.functions
    error_message = "What goes is the region that left the map, alone."
  }
}

run "a_function_less" {
  variables {
    functions = {
      router  = { kind = "router", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 1, max_instances = 50, timeout_s = 60 }
      lua     = { kind = "persona", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 0, max_instances = 20, timeout_s = 60 }
      elro    = { kind = "persona", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 0, max_instances = 20, timeout_s = 60 }
      riri    = { kind = "persona", memory = "512Mi", cpu = "1", concurrency = 80, min_instances = 0, max_instances = 20, timeout_s = 60 }
      batch   = { kind = "worker", topic = "mentoring-batch", scope = "global", memory = "512Mi", cpu = "1", concurrency = 8, min_instances = 0, max_instances = 20, timeout_s = 540 }
      warming = { kind = "worker", topic = "cache-warming", scope = "region", memory = "512Mi", cpu = "1", concurrency = 1, min_instances = 0, max_instances = 1, timeout_s = 540 }
    }
  }

  assert {
    condition = alltrue([for region, functions in run.three_regions.functions :
      output.functions[region] == { for name, url in functions : name => url if name != "nana" }
    ])
    error_message = "Nana goes from every region, and the others stay the same ones."
  }

  assert {
    condition     = output.accounts == { for name, account in run.three_regions.accounts : name => account if name != "nana" }
    error_message = "Nana's account goes, and the others stay."
  }
}

run "a_canary" {
  variables {
    release = {
      regions = ["europe-west1"]
      bundles = {
        router  = "router-0000000000000002.zip"
        lua     = "lua-0000000000000001.zip"
        elro    = "elro-0000000000000001.zip"
        riri    = "riri-0000000000000001.zip"
        nana    = "nana-0000000000000001.zip"
        batch   = "batch-0000000000000001.zip"
        warming = "warming-0000000000000001.zip"
      }
      previous = {
        router  = "router-0000000000000001.zip"
        lua     = "lua-0000000000000001.zip"
        elro    = "elro-0000000000000001.zip"
        riri    = "riri-0000000000000001.zip"
        nana    = "nana-0000000000000001.zip"
        batch   = "batch-0000000000000001.zip"
        warming = "warming-0000000000000001.zip"
      }
    }
  }

  assert {
    condition     = output.bundles["europe-west1"].router == "router-0000000000000002.zip"
    error_message = "The canary's region gets the new bundle."
  }

  assert {
    condition     = output.bundles["asia-northeast3"].router == "router-0000000000000001.zip" && output.bundles["us-central1"].router == "router-0000000000000001.zip"
    error_message = "The other regions keep the bundle of before."
  }
}
