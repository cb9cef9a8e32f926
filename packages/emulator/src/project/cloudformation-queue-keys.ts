import type { QueueEventKeys } from './queue-event-source.ts';

/** The names of CloudFormation, which SAM has too. */
export const CLOUDFORMATION_QUEUE_KEYS: QueueEventKeys = {
  batchSize: 'BatchSize',
  window: 'MaximumBatchingWindowInSeconds',
  responseTypes: 'FunctionResponseTypes',
  enabled: 'Enabled',
  filters: 'FilterCriteria',
};
