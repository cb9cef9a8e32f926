terraform {
  # Optional attributes of objects, and preconditions of outputs.
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first that knows nodejs24.x.
      version = ">= 6.21"
    }
  }
}
