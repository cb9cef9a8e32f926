// What OpenNext's build puts together from open-next.config.ts, in short: wrapper, converter and server.
import converter from './converter.js';
import { server } from './server.js';
import wrapper from './wait-until-wrapper.js';

const ready = wrapper.wrapper(server, converter);

export const handler = async (event) => (await ready)(event);
