// What the conformance rules call: an event or a request body says what is to happen.

const outcomes = {
  throw: () => {
    throw new TypeError('thrown by the handler');
  },
  exit: () => process.exit(0),
  big: ({ bytes }) => 'x'.repeat(bytes - 2),
  environment: () => process.env,
  hang: () => new Promise((resolve) => setTimeout(resolve, 3_600_000)),
  nothing: () => null,
};

export const handler = async (event) => {
  if (event.outcome) return outcomes[event.outcome](event);
  const path = event.rawPath ?? event.path ?? '';
  if (path.endsWith('/throw')) return outcomes.throw();
  if (path.endsWith('/return')) return JSON.parse(event.body);
  return { statusCode: 200, body: JSON.stringify(event) };
};
