/**
 * CloudFormation's pseudo parameters, with the account that AWS uses in its examples.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 */
export const pseudoParameters = (
  region: string,
  stackName: string,
): Readonly<Record<string, string>> => ({
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::StackId': `arn:aws:cloudformation:${region}:123456789012:stack/${stackName}/local`,
  'AWS::StackName': stackName,
  'AWS::URLSuffix': 'amazonaws.com',
});
