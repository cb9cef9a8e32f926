/** Handlers of our own, as `/register` names them. They always say when they are done with a request. */
const PROXY_HANDLER = '/opt/proxy.handler';
export const CONSUMER_HANDLER = '/opt/proxy.consumer';
export const LAYER_HANDLERS = [PROXY_HANDLER, CONSUMER_HANDLER];
