variable "project" {
  type = object({ id = string, number = string })
}

variable "topic" {
  description = "The topic's name."
  type        = string
}

variable "service" {
  description = "The function that gets the messages."
  type        = object({ name = string, region = string, url = string })
}

variable "pusher" {
  description = "The e-mail address of the account in whose name Pub/Sub calls."
  type        = string
}

variable "kept_in" {
  description = "The regions that messages may lie in; null for any."
  type        = list(string)
  default     = null
}

variable "buries" {
  description = "The path at which the function takes dead letters; null where it takes none."
  type        = string
  default     = null
}

variable "tends" {
  description = "Whether the function is asked every minute to look after what it has begun."
  type        = bool
  default     = false
}
