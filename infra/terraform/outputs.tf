output "layer_arn" {
  description = "For `layers` of the function, and of the worker."
  value       = aws_lambda_layer_version.this.arn
}

output "environment" {
  description = "For `environment.variables` of the function: merge it with your own."
  value       = local.environment

  precondition {
    condition     = var.delivery != "queue" || var.worker != null
    error_message = "delivery is \"queue\", so worker must be set."
  }
}

output "worker_environment" {
  description = "For `environment.variables` of the worker: merge it with your own."
  value       = local.worker_environment
}

output "queue_arn" {
  description = "ARN of the queue; null without a worker."
  value       = one(aws_sqs_queue.jobs[*].arn)
}

output "dead_letter_queue_arn" {
  description = "ARN of the queue that gets the jobs which failed in every attempt, for 14 days; null without a worker."
  value       = one(aws_sqs_queue.dead_jobs[*].arn)
}
