# Who is told. Tokens come from Secret Manager; they stand in the state, which nobody reads but those who plan and deploy.

data "google_secret_manager_secret_version" "slack" {
  count = var.alerts.slack != null ? 1 : 0

  project = var.project.id
  secret  = "slack-token"
}

data "google_secret_manager_secret_version" "pagerduty" {
  count = var.alerts.pagerduty ? 1 : 0

  project = var.project.id
  secret  = "pagerduty-key"
}

resource "google_monitoring_notification_channel" "email" {
  for_each = toset(var.alerts.emails)

  project      = var.project.id
  display_name = each.key
  type         = "email"
  labels       = { email_address = each.key }
}

# With a bot's token and the team: webhook URLs are refused.
resource "google_monitoring_notification_channel" "slack" {
  count = var.alerts.slack != null ? 1 : 0

  project      = var.project.id
  display_name = "Slack ${var.alerts.slack.channel}"
  type         = "slack"
  labels       = { channel_name = var.alerts.slack.channel, team = var.alerts.slack.team }

  sensitive_labels {
    auth_token = trimspace(data.google_secret_manager_secret_version.slack[0].secret_data)
  }
}

resource "google_monitoring_notification_channel" "pagerduty" {
  count = var.alerts.pagerduty ? 1 : 0

  project      = var.project.id
  display_name = "PagerDuty"
  type         = "pagerduty"

  sensitive_labels {
    service_key = trimspace(data.google_secret_manager_secret_version.pagerduty[0].secret_data)
  }
}

locals {
  # Where a way is not set up, e-mail takes its place: no alert goes nowhere while there is an address.
  emails = [for channel in google_monitoring_notification_channel.email : channel.id]
  told = {
    slack     = concat([for channel in google_monitoring_notification_channel.slack : channel.id], local.emails)
    pagerduty = concat([for channel in google_monitoring_notification_channel.pagerduty : channel.id], local.emails)
  }
}

resource "google_billing_budget" "this" {
  count = var.budget != null ? 1 : 0

  billing_account = var.budget.billing_account
  display_name    = "ION Mentoring"

  budget_filter {
    projects = ["projects/${var.project.number}"]
  }

  amount {
    specified_amount {
      currency_code = "USD"
      units         = tostring(var.budget.usd_a_month)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]

    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1.2
    spend_basis       = "FORECASTED_SPEND"
  }

  all_updates_rule {
    monitoring_notification_channels = slice(local.emails, 0, min(5, length(local.emails)))
    enable_project_level_recipients  = true
  }
}
