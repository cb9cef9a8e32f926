variable "function_name" {
  description = "Name of the function that replies. Not a reference to the function, because that needs the outputs of this module."
  type        = string
}

variable "role_name" {
  description = "Name of the function's IAM role. It gets a policy that allows what the layer does, and nothing else."
  type        = string
}

variable "handler" {
  description = "The background handler, for ASYNC_HANDLER: path/to/module.export in the function's code."
  type        = string
}

variable "layer_zip" {
  description = "Path of the layer's zip. Default: the one of @async-http/layer-builder in the node_modules of the root module."
  type        = string
  default     = null
}

variable "layer_name" {
  description = "Name of the layer. Default: the function's name, with -async-http."
  type        = string
  default     = null
}

variable "on_failure" {
  description = "Gets the record of each job that failed permanently: an SQS queue, SNS topic, EventBridge bus, Lambda function or S3 bucket, and the key that encrypts it."
  type = object({
    arn         = string
    kms_key_arn = optional(string)
  })
  default = null

  validation {
    condition = var.on_failure == null ? true : (
      contains(["sqs", "sns", "events", "lambda", "s3"], try(split(":", var.on_failure.arn)[2], "")) &&
      !endswith(var.on_failure.arn, ".fifo")
    )
    error_message = "on_failure.arn must be the ARN of a standard SQS queue or SNS topic, an EventBridge bus, a Lambda function or an S3 bucket."
  }
}

variable "on_success" {
  description = "Gets the record of each job that succeeded: as on_failure, but not an S3 bucket."
  type = object({
    arn         = string
    kms_key_arn = optional(string)
  })
  default = null

  validation {
    condition = var.on_success == null ? true : (
      contains(["sqs", "sns", "events", "lambda"], try(split(":", var.on_success.arn)[2], "")) &&
      !endswith(var.on_success.arn, ".fifo")
    )
    error_message = "on_success.arn must be the ARN of a standard SQS queue or SNS topic, an EventBridge bus or a Lambda function."
  }
}

variable "max_retry_attempts" {
  description = "How often a failed job is tried again, 0 to 10. Default: 2."
  type        = number
  default     = null
}

variable "max_event_age_seconds" {
  description = "No attempt begins when the job is older than this, 60 to 21600. Default: 21600."
  type        = number
  default     = null
}

variable "deadline_margin_ms" {
  description = "How long before the function's deadline a running job is aborted, 100 to 60000. Default: 1000, more for small functions."
  type        = number
  default     = null
}

variable "trace" {
  description = "How attempts belong to the trace of the request: \"child\", or \"link\". Default: \"child\"."
  type        = string
  default     = null
}

variable "metrics" {
  description = "Write CloudWatch metrics, in the namespace AsyncHttp."
  type        = bool
  default     = false
}

variable "delivery" {
  description = "Who runs the jobs: \"environment\", the function's own; or \"queue\", the worker, through a queue of this module."
  type        = string
  default     = "environment"

  validation {
    condition     = contains(["environment", "queue"], var.delivery)
    error_message = "delivery must be \"environment\" or \"queue\"."
  }
}

variable "worker" {
  description = "The function that runs the jobs of the queue, with its timeout in seconds. The queue exists as long as this is set, so it can be emptied after delivery is \"environment\" again."
  type = object({
    function_name       = string
    role_name           = string
    timeout             = number
    batch_size          = optional(number, 10)
    maximum_concurrency = optional(number)
    max_receive_count   = optional(number, 5)
  })
  default = null
}
