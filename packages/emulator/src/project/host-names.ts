import type { Api, Project } from './project.ts';

/** Host name at which a function's URL is served. */
export const hostOfUrl = (functionName: string): string => `${functionName}.lambda-url.localhost`;

/** Host name at which an API is served alone. */
export const hostOfApi = ({ name }: Pick<Api, 'name'>): string => `${name}.execute-api.localhost`;

/** The functions with a URL, whether they can run or not. */
export const functionsWithUrl = ({ functions, unusable }: Project) =>
  [...functions, ...unusable].filter(({ hasUrl }) => hasUrl);

/** Whether an earlier API has the same route, so that this one is reached by its own host name only. */
export function isShadowed(api: Api, apis: readonly Api[]): boolean {
  const keys = ({ routes, stage }: Api) =>
    routes.map((route) => `${stage} ${route.method} ${route.path}`);
  const earlier = apis.slice(0, apis.indexOf(api)).flatMap(keys);
  return keys(api).some((key) => earlier.includes(key));
}
