export type { ProxyHandler, ProxyOptions, Respond } from './build-proxy.ts';
export { createProxy, handler } from './proxy.ts';
