// Hands off several jobs, and says of each when it was accepted.
const { sendArgs } = require('/opt/proxy');
const ask = require('./ask.cjs');

exports.handler = async ({ jobs }, context) => {
  await Promise.all(
    jobs.map(async (job) => {
      await sendArgs(job, context);
      await ask('accepted', { name: job.name });
    }),
  );
  return jobs.length;
};
