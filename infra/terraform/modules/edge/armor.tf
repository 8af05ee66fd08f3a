# Cloud Armor: who is let in, how often, and what is an attack.

locals {
  # Of the preconfigured sets, those that fit what is behind: JSON in, no SQL, no PHP, no files. Sensitivity 1 is the few rules
  # that hardly ever take prose for an attack. What people wrote is excluded by name: a question about SQL is a question.
  waf = {
    sqli             = 1000
    xss              = 1010
    lfi              = 1020
    rfi              = 1030
    rce              = 1040
    scannerdetection = 1050
    protocolattack   = 1060
    sessionfixation  = 1070
  }

  peoples_words = ["user_input", "content", "scenario", "text", "message"]
}

resource "google_compute_security_policy" "this" {
  project     = var.project.id
  name        = "ion"
  description = "What may reach the routers."
  type        = "CLOUD_ARMOR"

  advanced_options_config {
    json_parsing = "STANDARD"
    log_level    = "NORMAL" # VERBOSE would put what matched, people's words, into the log
  }

  adaptive_protection_config {
    layer_7_ddos_defense_config {
      enable = true
    }
  }

  # Five to a rule: an expression has no more parts.
  dynamic "rule" {
    for_each = { for place, countries in chunklist(var.rules.refused_countries, 5) : 100 + place => countries }

    content {
      action      = "deny(403)"
      priority    = rule.key
      description = "Countries that are refused."

      match {
        expr {
          expression = join(" || ", [for country in rule.value : "origin.region_code == '${country}'"])
        }
      }
    }
  }

  rule {
    action      = "deny(403)"
    priority    = 900
    description = "Log4Shell and its kin: nothing here is Java."

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('cve-canary')"
      }
    }
  }

  dynamic "rule" {
    for_each = local.waf

    content {
      action      = "deny(403)"
      priority    = rule.value
      description = "Preconfigured: ${rule.key}."
      preview     = var.rules.waf_reports_only

      match {
        expr {
          expression = "evaluatePreconfiguredWaf('${rule.key}-v33-stable', {'sensitivity': 1})"
        }
      }

      preconfigured_waf_config {
        exclusion {
          target_rule_set = "${rule.key}-v33-stable"

          dynamic "request_query_param" {
            for_each = local.peoples_words

            content {
              operator = "CONTAINS"
              value    = request_query_param.value
            }
          }
        }
      }
    }
  }

  # Far above what a caller may ask (RATE_LIMIT_PER_MINUTE): it keeps floods from the functions, fairness is theirs.
  rule {
    action      = "throttle"
    priority    = 2000
    description = "Requests a minute from one address."

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }

    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"

      rate_limit_threshold {
        count        = var.rules.requests_per_minute
        interval_sec = 60
      }
    }
  }

  rule {
    action      = "allow"
    priority    = 2147483647
    description = "Everybody else."

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }
  }
}
