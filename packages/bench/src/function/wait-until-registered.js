// waitUntil() without the layer.
import '@async-http/client/register';

export { handler } from './wait-until.js';
