export { readSettings, type Settings } from '@async-http/client/protocol';
