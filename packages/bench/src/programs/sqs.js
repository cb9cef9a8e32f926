// SQS on a loopback port; tells its address to its parent. A separate process, because it is somebody
// else's program, with the load of one. Not startFauxqs(): that one listens on all interfaces.
import { buildApp } from 'fauxqs';

const app = buildApp({ logger: false, defaultRegion: 'us-east-1' });
process.send(await app.listen({ port: 0, host: '127.0.0.1' }));
