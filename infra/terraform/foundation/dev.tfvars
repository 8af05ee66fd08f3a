# What the foundation of dev is told beside its project. Kept here, so that a later `make bootstrap` takes nothing away.

# The repository's connection to Cloud Build, projects/P/locations/L/connections/C/repositories/R; null while releases are made by hand.
repository = null

# Who may approve a release beside owners, such as "group:release@example.com".
approvers = []

# Who hears that a night's build failed, such as "oncall@example.com".
told = []

# Whether Cloud Run starts only images that releases signed; `signed` in envs/dev/main.tf says the same.
signed = false
