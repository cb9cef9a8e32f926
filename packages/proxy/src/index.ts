export type { BatchResponse, ConsumerHandler } from './build-consumer.ts';
export type { ProxyHandler, ProxyOptions, Respond } from './build-proxy.ts';
export { consumer } from './consumer.ts';
export { createProxy, handler } from './proxy.ts';
