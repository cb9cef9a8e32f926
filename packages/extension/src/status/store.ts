// A file of its own in the layer, also for `/opt/proxy.js`: it loads only where `ASYNC_HTTP_STORE` names a table.
export * from '@async-http/client/store';
