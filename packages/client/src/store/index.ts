export { keyInStore, type StoreOfKeys } from './claim-key.ts';
export { getJob, type JobState, readJob, toState } from './get-job.ts';
export { type OpenStore, openStore } from './open-store.ts';
export type { JobStatus, Store, StoredJob } from './store.ts';
export { describeFailure, type StoreFailure } from './store-failure.ts';
export type { StoreTimes } from './store-times.ts';
