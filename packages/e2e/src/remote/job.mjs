// A background handler that does what the stage says: succeeds, or commits a fault.
import ask from './ask.cjs';
import { commit } from './faults.mjs';

await commit((await ask('load')).fault);

export const handler = async ({ name, fault }, { jobId, attempt }) => {
  // Synchronously, before the next job in the same chunk starts; and once, as accidents happen.
  if (attempt === 1) await commit(fault);
  const order = await ask('job', { name, jobId, attempt });
  await commit(order.fault);
  await ask('effect', { name, jobId, attempt });
  setImmediate(async () => commit((await ask('returned', { name })).fault));
  return { done: name };
};
