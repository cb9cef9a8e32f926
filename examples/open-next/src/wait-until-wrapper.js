// The file for your project: `override: { wrapper: () => import('./wait-until-wrapper.js').then((m) => m.default) }`.
import '@async-http/client/register'; // Not needed where the layer is.
import { withOpenNextWaitUntil } from '@async-http/client/open-next';
import awsLambda from '@opennextjs/aws/overrides/wrappers/aws-lambda.js';

export default withOpenNextWaitUntil(awsLambda);
