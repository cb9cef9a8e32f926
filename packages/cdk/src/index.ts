export { AsyncHttp, type AsyncHttpProps, type BackgroundOptions } from './async-http.ts';
export type { BackgroundJobs } from './background-jobs.ts';
export { AsyncHttpDelivery } from './delivery.ts';
export type { FailureDestination, SuccessDestination } from './destination.ts';
export { AsyncHttpCdkError, type AsyncHttpCdkErrorCode } from './errors.ts';
export type { QueueDeliveryOptions } from './queue-delivery.ts';
