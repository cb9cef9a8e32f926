import type { Lambda } from '../../lambda-types.ts';
import { LambdaAuthorizers } from './lambda-authorizers.ts';

/** The authorizers of all APIs that are served, with what they know from earlier requests. */
export interface Authorizers {
  readonly lambda: LambdaAuthorizers;
}

export const createAuthorizers = (functions: ReadonlyMap<string, Lambda>): Authorizers => ({
  lambda: new LambdaAuthorizers(functions),
});
