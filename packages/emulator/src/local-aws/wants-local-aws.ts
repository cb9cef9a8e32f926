import type { Project } from '../project/project.ts';

const FUNCTION_ARN = /^arn:[\w-]+:lambda:/;

/** Whether a project has anything that local services stand in for. */
export function wantsLocalAws({ resources, functions }: Project): boolean {
  return (
    resources.length > 0 ||
    functions.some(({ environment }) =>
      Object.values(environment).some((value) => FUNCTION_ARN.test(value)),
    )
  );
}

/** Whether a project declares tables of DynamoDB. */
export const hasTables = ({ resources }: Pick<Project, 'resources'>): boolean =>
  resources.some(({ service }) => service === 'dynamodb');
