project = "ion-mentoring-dev"
