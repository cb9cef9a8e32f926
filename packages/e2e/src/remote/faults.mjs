/** What user code can do wrong, by name. A fault that does not end the caller waits for ever. */
const FAULTS = {
  throws() {
    throw new TypeError('thrown');
  },
  rejects: () => Promise.reject(new RangeError('rejected')),
  'rejects unhandled'() {
    Promise.reject(new Error('nobody listens'));
    return forEver();
  },
  exits: () => process.exit(0),
  'loops for ever'() {
    while (true);
  },
  'runs out of memory'() {
    const hoard = [];
    while (true) hoard.push(new Array(100_000).fill(Math.random()));
  },
  'never settles': () => forEver(),
  'asks for a pause'() {
    throw Object.assign(new Error('not now'), { name: 'RetryAfterError', retryAfterMs: 800 });
  },
  'asks for a long pause'() {
    throw Object.assign(new Error('not now'), { name: 'RetryAfterError', retryAfterMs: 60_000 });
  },
  'gives up'() {
    throw Object.assign(new Error('never'), { name: 'NonRetriableError' });
  },
};

/** Commits a fault at once, in this tick; without a name it does nothing. */
export function commit(name) {
  if (name === undefined) return undefined;
  const fault = FAULTS[name];
  if (!fault) throw new Error(`There is no fault "${name}".`);
  return fault();
}

/** A promise alone would not keep a process alive. */
function forEver() {
  setInterval(() => {}, 60_000);
  return new Promise(() => {});
}
