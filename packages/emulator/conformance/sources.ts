/** AWS's Runtime Interface Emulator, run beside ours. */
export const RIE = "AWS's Runtime Interface Emulator @4fa2157";

/** Answers that AWS gave to the tests of LocalStack. */
export const recorded = (test: string, date: string) =>
  `recorded from AWS ${date}: localstack@8b9a79f, ${test}`;

/** AWS responses recorded by the tests of AWS's test tool for .NET. */
export const recordedByDotnet = (test: string) =>
  `recorded from AWS 2025-04-14: aws-lambda-dotnet@8314921, ${test}`;

/** What that tool does, without a recording. */
export const dotnet = (test: string) => `AWS's test tool: aws-lambda-dotnet@8314921, ${test}`;

export const lambdaGuide = (section: string) => `Lambda developer guide, "${section}"`;

export const gatewayGuide = (section: string) => `API Gateway developer guide, "${section}"`;

export const lambdaReference = (section: string) => `Lambda API reference, "${section}"`;

/** For rules that nobody has a source for. */
export const NONE = 'no source';
