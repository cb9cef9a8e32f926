// A separate file in the layer, which `/opt/proxy.js` uses too: it is loaded only if `ASYNC_HTTP_STORE` is set.
export * from '@async-http/client/store';
