/**
 * `import '@async-http/client/register'`, `require()` of it, or `NODE_OPTIONS=--import @async-http/client/register`:
 * makes `waitUntil` work without the layer. Must be loaded while the function starts.
 */
import { registerProcess } from './wait-until/register-process.ts';

registerProcess(process.env);
