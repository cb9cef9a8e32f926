export const HELP = `Plays the rules of AWS Lambda's interfaces, and prints which of them hold, with their sources.

Usage
  pnpm conformance [options]

  --against URL            address of all interfaces (default: the emulator of this checkout)
  --against INTERFACE=URL  address of one, may occur several times. Others are not played:
                             runtime-api   Runtime, Extensions, Telemetry and Logs API;
                                           needs invoke-api, too
                             invoke-api    Invoke API, Node.js runtime
                             function-url  http-api  rest-api
  --idle-function NAME     the function behind runtime-api: its runtime and extension
                           make no calls (default: conformance-idle)
  --json                   one JSON line for each rule, and one with the counts
  --help

The endpoint has the functions of packages/emulator/conformance/function/template.yaml.
Rules after which an environment cannot be used are played with the emulator only.

Exit code: 0 when all rules hold that were played, 1 when an answer differs, 2 for a command
line that is not understood. Intended differences of this emulator do not count as failures.`;
