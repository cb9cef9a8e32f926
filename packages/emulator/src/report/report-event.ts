import type { HttpEvent } from '../http/http-event.ts';
import type { LambdaEvent } from '../lambda-types.ts';
import type { LocalAwsEvent } from '../local-aws/local-aws-event.ts';
import type { ActionEvent } from './action-event.ts';

/** An event of one of several functions. */
export type FunctionEvent = LambdaEvent & { functionName: string };

/** Everything that a run can report. */
export type ReportEvent = FunctionEvent | HttpEvent | LocalAwsEvent | ActionEvent;
