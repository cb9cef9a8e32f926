export const HELP = `A local AWS Lambda that behaves like the real one: early response, extensions, freeze.

Usage
  async-http-emulator dev [FILE | FOLDER] [options]
  async-http-emulator invoke FUNCTION [options]

The project is the serverless.yml, cdk.json, or SAM template.yaml of this folder, or a
FILE or FOLDER of such, or what an app of the AWS CDK has written: cdk.out.

dev     serves the HTTP APIs, REST APIs and function URLs of the project, until Ctrl-C
  --port PORT      port of all APIs; 0 for any free one (default 3000)
  --host HOST      address to listen on (default 127.0.0.1, this machine only)
  --request        send one request to each route and function URL
  --watch          use new code and settings as soon as a file changes
  --timeline-port PORT
                   port of the page that shows the run (default: any free one)
  --no-timeline    no such page
  --record FILE    at the end, write a recording of the run: FILE.html or FILE.json

invoke  runs a function once, prints its timeline, and its result on standard output
  --event FILE     event as JSON, - for standard input (default {})
  --project PATH   FILE or FOLDER of the project (default: this folder)

Both
  --stage STAGE    stage of Serverless Framework, for \${sls:stage} and \${opt:stage}
  --app COMMAND    command that runs the app of the AWS CDK (default: "app" in cdk.json)
  --context K=V    value for the context of that app; may occur several times
  --cpu CORES      limit the CPU of each environment; as-lambda for what its memory size
                   gets on Lambda (default: no limit)
  --aws            queues, topics, event buses, buckets, tables and functions are those of
                   your AWS account (default: local ones, if the project has any)
  --explain        show what functions leave unfinished when they are frozen: promises, timers,
                   requests, with the line that has started each (slower)
  --json           one JSON line for each event
  --verbose        also what the platform writes: START, END, REPORT, extensions
  --help, --version

The AWS CLI and SDKs can invoke functions of a running "dev" too:
  aws lambda invoke --endpoint-url http://127.0.0.1:3000 --function-name FUNCTION out.json`;
