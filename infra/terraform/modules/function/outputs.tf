output "service" {
  description = "The Cloud Run service: its name, its region and its URL."
  value = {
    name   = google_cloud_run_v2_service.this.name
    region = var.region
    url    = google_cloud_run_v2_service.this.uri
  }
}
