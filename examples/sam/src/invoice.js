const { setTimeout: sleep } = require('node:timers/promises');

/** Background work of 6 seconds: an invoice for the order that was confirmed meanwhile. */
exports.handler = async (_event, { signal }) => {
  console.log('invoice: started');
  await sleep(6_000, undefined, { signal });
  console.log('invoice: sent');
};
