locals {
  layer_zip = coalesce(var.layer_zip, "${path.root}/node_modules/@async-http/layer-builder/dist/layer.zip")

  # By variable. What is null is left out by whether the object is there: its ARN is often not known before apply.
  destinations = {
    for name, destination in {
      ASYNC_HTTP_ON_FAILURE = var.on_failure
      ASYNC_HTTP_ON_SUCCESS = var.on_success
    } : name => destination if destination != null
  }

  # By the service in an ARN.
  actions = {
    sqs    = "sqs:SendMessage"
    sns    = "sns:Publish"
    events = "events:PutEvents"
    lambda = "lambda:InvokeFunction"
    s3     = "s3:PutObject"
  }

  # What is allowed on something else than the destination itself: the objects of a bucket.
  resource_suffixes = {
    s3 = "/*"
  }

  destination_statements = concat(
    [
      for destination in values(local.destinations) : {
        Effect   = "Allow"
        Action   = [local.actions[split(":", destination.arn)[2]]]
        Resource = "${destination.arn}${lookup(local.resource_suffixes, split(":", destination.arn)[2], "")}"
      }
    ],
    [
      for destination in values(local.destinations) : {
        Effect   = "Allow"
        Action   = ["kms:GenerateDataKey", "kms:Decrypt"]
        Resource = destination.kms_key_arn
      } if destination.kms_key_arn != null
    ],
  )

  delivery_statements = [
    for queue in aws_sqs_queue.jobs : {
      Effect   = "Allow"
      Action   = [local.actions.sqs]
      Resource = queue.arn
    }
  ]

  # Those of whoever runs the jobs.
  worker_environment = merge(
    { ASYNC_HANDLER = var.handler },
    { for name, destination in local.destinations : name => destination.arn },
    {
      for name, value in {
        ASYNC_HTTP_MAX_RETRY_ATTEMPTS    = var.max_retry_attempts
        ASYNC_HTTP_MAX_EVENT_AGE_SECONDS = var.max_event_age_seconds
        ASYNC_HTTP_DEADLINE_MARGIN_MS    = var.deadline_margin_ms
        ASYNC_HTTP_TRACE                 = var.trace
      } : name => tostring(value) if value != null
    },
    { for value in ["emf"] : "ASYNC_HTTP_METRICS" => value if var.metrics },
  )

  environment = merge(
    local.worker_environment,
    { for queue in aws_sqs_queue.jobs : "ASYNC_HTTP_DELIVERY" => queue.arn if var.delivery == "queue" },
  )
}

resource "aws_lambda_layer_version" "this" {
  layer_name          = coalesce(var.layer_name, "${var.function_name}-async-http")
  description         = "Reply now, finish later"
  filename            = local.layer_zip
  source_code_hash    = filebase64sha256(local.layer_zip)
  compatible_runtimes = ["nodejs22.x", "nodejs24.x"]
}

# Also with a queue, so that jobs which still run when `delivery` changes can send their records.
resource "aws_iam_role_policy" "function" {
  count = length(local.destinations) > 0 || var.worker != null ? 1 : 0

  name = "${var.function_name}-async-http"
  role = var.role_name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.destination_statements, local.delivery_statements)
  })
}

resource "aws_sqs_queue" "dead_jobs" {
  count = var.worker == null ? 0 : 1

  name                      = "${var.function_name}-dead-jobs"
  message_retention_seconds = 14 * 24 * 60 * 60
}

resource "aws_sqs_queue" "jobs" {
  count = var.worker == null ? 0 : 1

  name = "${var.function_name}-jobs"
  # Six times the timeout of the function that reads the queue, as AWS advises.
  visibility_timeout_seconds = 6 * var.worker.timeout
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_jobs[0].arn
    maxReceiveCount     = var.worker.max_receive_count
  })
}

resource "aws_iam_role_policy" "worker" {
  count = var.worker == null ? 0 : 1

  name = "${var.function_name}-async-http-worker"
  role = var.worker.role_name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.destination_statements, [
      {
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = aws_sqs_queue.jobs[0].arn
      },
    ])
  })
}

resource "aws_lambda_event_source_mapping" "worker" {
  count = var.worker == null ? 0 : 1

  event_source_arn = aws_sqs_queue.jobs[0].arn
  function_name    = var.worker.function_name
  batch_size       = var.worker.batch_size
  # Needed: without it, Lambda deletes the failed jobs of a batch too.
  function_response_types = ["ReportBatchItemFailures"]

  dynamic "scaling_config" {
    for_each = var.worker.maximum_concurrency == null ? [] : [var.worker.maximum_concurrency]
    content {
      maximum_concurrency = scaling_config.value
    }
  }

  # Lambda refuses a mapping whose function may not read the queue.
  depends_on = [aws_iam_role_policy.worker]
}
