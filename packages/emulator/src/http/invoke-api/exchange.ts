import type { Lambda } from '../../lambda-types.ts';
import { MAX_EVENT_BYTES } from '../../payload-limits.ts';
import type { Exchange } from '../exchange.ts';
import { failure, type Invoked, invokeApi, tooLarge } from './invoke-api.ts';

/** A call of Lambda's Invoke API; `lambda` is absent when there is no such function. */
export const invokeExchange = (invoked: Invoked, lambda: Lambda | undefined): Exchange => ({
  functionName: invoked.name,
  maxBodyBytes: MAX_EVENT_BYTES,
  tooLarge: () => tooLarge(MAX_EVENT_BYTES),
  failed: (problem) => ({ ...failure(500, 'ServiceException', problem), problem }),
  answer: (request) => invokeApi(request, invoked, lambda),
});
