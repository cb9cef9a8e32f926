# A function that replies when a queue has the job, and a worker that runs the jobs of the queue.

terraform {
  required_version = ">= 1.3"

  required_providers {
    archive = {
      source  = "hashicorp/archive"
      version = ">= 2.4"
    }
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.21"
    }
  }
}

module "async_http" {
  source = "../.."

  function_name = "report"
  role_name     = aws_iam_role.functions["report"].name
  handler       = "report.background"
  delivery      = "queue" # "environment" to go back.

  worker = {
    function_name       = aws_lambda_function.worker.function_name
    role_name           = aws_iam_role.functions["worker"].name
    timeout             = aws_lambda_function.worker.timeout
    maximum_concurrency = 5 # A burst waits in the queue and does not take the account's concurrency.
  }
}

resource "aws_lambda_function" "report" {
  function_name    = "report"
  role             = aws_iam_role.functions["report"].arn
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  runtime          = "nodejs24.x"
  handler          = "report.handler"
  timeout          = 10 # For the reply alone.
  memory_size      = 512
  layers           = [module.async_http.layer_arn]

  environment {
    variables = merge(module.async_http.environment, {
      # Your own.
    })
  }
}

resource "aws_lambda_function" "worker" {
  function_name    = "report-worker"
  role             = aws_iam_role.functions["worker"].arn
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  runtime          = "nodejs24.x"
  handler          = "/opt/proxy.consumer" # Of the layer: runs ASYNC_HANDLER for each job.
  timeout          = 60
  memory_size      = 512
  layers           = [module.async_http.layer_arn]

  environment {
    variables = merge(module.async_http.worker_environment, {
      # Your own.
    })
  }
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/.terraform/code.zip"
}

resource "aws_iam_role" "functions" {
  for_each = {
    report = "report"
    worker = "report-worker"
  }

  name = each.value
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  for_each = aws_iam_role.functions

  role       = each.value.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_apigatewayv2_api" "api" {
  name          = "report"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.api.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_apigatewayv2_integration" "report" {
  api_id                 = aws_apigatewayv2_api.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.report.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "report" {
  api_id    = aws_apigatewayv2_api.api.id
  route_key = "POST /report"
  target    = "integrations/${aws_apigatewayv2_integration.report.id}"
}

resource "aws_lambda_permission" "api" {
  function_name = aws_lambda_function.report.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.api.execution_arn}/*/*"
}

output "url" {
  value = "${aws_apigatewayv2_api.api.api_endpoint}/report"
}
