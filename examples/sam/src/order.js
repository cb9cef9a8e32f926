const { sendArgs } = require('/opt/proxy');

/**
 * Answers the request. `sendArgs` hands the event to the layer, which runs ASYNC_HANDLER with it;
 * it rejects when the job was not accepted, and then the caller gets an error and no false "confirmed".
 */
exports.handler = async (event, context) => {
  const { jobId } = await sendArgs(event, context);
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ order: 'confirmed', invoice: jobId }),
  };
};
