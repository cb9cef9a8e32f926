/** What an authorizer decides about a request. `problem` is for the person who runs it. */
export type Verdict<Pass> =
  | { readonly kind: 'allowed'; readonly pass: Pass; readonly problem?: string }
  /** Nobody knows who is asking. */
  | {
      readonly kind: 'unauthorized';
      readonly problem: string;
      readonly challenge?: string;
      /** The only mistake is that the token is too old. */
      readonly isExpired?: boolean;
    }
  /** Somebody is asking who may not. */
  | {
      readonly kind: 'denied';
      readonly isExplicit: boolean;
      readonly problem: string;
      readonly challenge?: string;
    }
  /** The authorizer does not work. */
  | {
      readonly kind: 'failed';
      readonly problem: string;
      /** Why its function cannot be started here; Lambda has no such failure. */
      readonly unusable?: string;
    };

/** What the function of the route gets to know from an authorizer's function. */
export interface LambdaPass {
  readonly principalId: string | undefined;
  readonly context: Readonly<Record<string, unknown>>;
  /** The API key that the request counts as. */
  readonly usageKey?: string;
  /** How long the authorizer took; 0 when its answer was kept. */
  readonly latencyMs: number;
}
