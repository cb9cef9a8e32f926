// SQS, SNS and S3 on a loopback port; tells its address to its parent. A separate process, because it
// is somebody else's program, with the load of one.
import { buildApp } from 'fauxqs';

// Not startFauxqs(): that one listens on all interfaces.
const app = buildApp({ logger: false, defaultRegion: 'us-east-1' });
process.send?.(await app.listen({ port: 0, host: '127.0.0.1' }));
