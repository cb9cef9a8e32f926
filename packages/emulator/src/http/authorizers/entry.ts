import type { Values } from '../../project/record.ts';
import type { HttpAnswer } from '../http-answer.ts';

/** What an authorizer's verdict comes to: `requestContext.authorizer` for the function, or the answer without it. */
export type Entry =
  | { readonly authorizer?: Values; readonly usageKey?: string; readonly problem?: string }
  | { readonly answer: HttpAnswer };
