export type { AsyncContext, AsyncHandler } from '@async-http/client';
export type { BatchResponse, ConsumerHandler } from './build-consumer.ts';
export type { ProxyHandler, ProxyOptions, Respond } from './build-proxy.ts';
export type { AllowStatus, StatusHandler, StatusOptions, StatusResponse } from './build-status.ts';
export { consumer } from './consumer.ts';
export type { HttpEvent, HttpRequestContext, RawHttpEvent, WithBody } from './http-event.ts';
export type { AsJson, JobEvent } from './job-event.ts';
export { createProxy, handler } from './proxy.ts';
export { createStatus, status } from './status.ts';
