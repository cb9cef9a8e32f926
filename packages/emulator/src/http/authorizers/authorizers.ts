import type { Lambda } from '../../lambda-types.ts';
import { LambdaAuthorizers } from './lambda-authorizers.ts';
import type { TokenChecker } from './token-checker.ts';

/** The authorizers of all APIs that are served, with what they know from earlier requests. */
export interface Authorizers {
  readonly lambda: LambdaAuthorizers;
  /** Loaded with the first token, because most projects check none. */
  tokens(): Promise<TokenChecker>;
}

export function createAuthorizers(functions: ReadonlyMap<string, Lambda>): Authorizers {
  let tokens: Promise<TokenChecker> | undefined;
  return {
    lambda: new LambdaAuthorizers(functions),
    tokens() {
      tokens ??= import('./token-checker.ts').then((module) => new module.TokenChecker());
      return tokens;
    },
  };
}
