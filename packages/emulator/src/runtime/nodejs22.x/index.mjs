// Counterpart of /var/runtime/index.mjs in nodejs22.x: version 3 of AWS's runtime client is a
// library, while version 4 starts by itself.
import { run } from './aws-lambda-ric/index.mjs';

await run(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
