import { pseudoParameters } from './pseudo-parameters.ts';
import { REGION } from './template-scope.ts';

const ACCOUNT = pseudoParameters(REGION, '')['AWS::AccountId'];

/** The ARN of a function of the app, by which it is known here too. */
export const lambdaArn = (name: string, region = REGION): string =>
  name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`;

/** The function's name in its ARN, or in what has the ARN inside, such as the address of an integration. */
export const functionInArn = (text: string): string | undefined =>
  /:function:([^:/]+)/.exec(text)?.[1];

/** Function URLs and event sources name their functions by either. */
export const functionArnOf = (nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : `:function:${nameOrArn}`;
