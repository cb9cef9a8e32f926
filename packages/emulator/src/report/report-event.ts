import type { HttpEvent } from '../http/http-event.ts';
import type { LambdaEvent } from '../lambda-types.ts';

/** An event of one of several functions. */
export type FunctionEvent = LambdaEvent & { functionName: string };

/** Everything that a run can report. */
export type ReportEvent = FunctionEvent | HttpEvent;
