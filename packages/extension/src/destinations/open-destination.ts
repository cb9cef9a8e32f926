import type { DestinationTarget } from '@async-http/client/protocol';
import type { InvocationRecord } from '../records/invocation-record.ts';
import { type Destination, lazyDestination } from './destination.ts';

/**
 * Makes the destination of an ARN. Nothing is loaded yet: the AWS SDK's client of that service is a
 * separate file beside the bundled extension, loaded by `preload()` or the first `send()`.
 *
 * @param env where an endpoint of S3 that is not AWS's own is looked up. All else in the environment
 * (credentials, region, other endpoints) is read by the SDK itself.
 */
export function openDestination(
  target: DestinationTarget,
  { env }: { env: NodeJS.ProcessEnv },
): Destination<InvocationRecord> {
  return lazyDestination(target, async () => {
    switch (target.service) {
      case 'sqs':
        return (await import('./sqs.ts')).openQueue(target);
      case 'sns':
        return (await import('./sns.ts')).openTopic(target);
      case 'events':
        return (await import('./eventbridge.ts')).openBus(target);
      case 'lambda':
        return (await import('./lambda.ts')).openFunction(target);
      case 's3': {
        // Only AWS has a DNS name for each bucket.
        const pathStyle = Boolean(env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL);
        return (await import('./s3.ts')).openBucket(target, { pathStyle });
      }
      default:
        return target satisfies never;
    }
  });
}
