const { setTimeout: sleep } = require('node:timers/promises');

/** Background work of 6 seconds for the order in the request's body. */
exports.handler = async (event, { signal }) => {
  const order = JSON.parse(event.body ?? '{}');
  console.log(`invoice: started for ${order.customer ?? 'somebody'}`);
  await sleep(6_000, undefined, { signal });
  console.log('invoice: sent');
};
