# Who is told. Slack's and PagerDuty's channels are made by a person and named here, so that their tokens stand in no plan and in no
# state, and neither who plans nor who deploys reads them (docs/runbooks/first-deployment.md).

resource "google_monitoring_notification_channel" "email" {
  for_each = toset(var.alerts.emails)

  project      = var.project.id
  display_name = each.key
  type         = "email"
  labels       = { email_address = each.key }
}

locals {
  # Where a way is not set up, e-mail takes its place: no alert goes nowhere while there is an address.
  emails = [for channel in google_monitoring_notification_channel.email : channel.id]
  told = {
    slack     = concat(compact([var.alerts.slack]), local.emails)
    pagerduty = concat(compact([var.alerts.pagerduty]), local.emails)
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
