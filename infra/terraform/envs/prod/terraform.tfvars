project = "ion-mentoring-prod"
