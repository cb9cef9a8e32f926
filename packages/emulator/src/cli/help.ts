export const HELP = `A local AWS Lambda that shows the truth: early response, extensions, freeze.

Usage
  async-http-emulator dev [serverless.yml | template.yaml] [options]
  async-http-emulator invoke FUNCTION [options]

dev     serves the HTTP APIs, REST APIs and function URLs of the project, until Ctrl-C
  --port PORT      port of all APIs; 0 for any free one (default 3000)
  --host HOST      address to listen on (default 127.0.0.1, this machine only)
  --request        send one request to each route by itself
  --watch          use new code and settings as soon as a file changes
  --aws            queues, topics, event buses, buckets and functions are those of your
                   AWS account (default: local ones, if the project has any)

invoke  runs a function once, prints its timeline, and its result on standard output
  --event FILE     event as JSON, - for standard input (default {})
  --project FILE   project file (default: the one in this folder)

Both
  --stage STAGE    stage of Serverless Framework, for \${sls:stage} and \${opt:stage}
  --cpu CORES      limit the CPU of each environment; as-lambda for what its memory size
                   gets on Lambda (default: no limit)
  --json           one JSON line for each event
  --verbose        also what the platform writes: START, END, REPORT, extensions
  --help, --version

The AWS CLI and SDKs can invoke functions of a running "dev" too:
  aws lambda invoke --endpoint-url http://127.0.0.1:3000 --function-name FUNCTION out.json`;
