type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'ASYNC_HTTP_';

/** With one of these misspelt, a job or its record would not get where it should: that is found out too late. */
const WHERE_JOBS_GO = ['ASYNC_HTTP_ON_FAILURE', 'ASYNC_HTTP_ON_SUCCESS', 'ASYNC_HTTP_DELIVERY'];

const NAMES = [
  ...WHERE_JOBS_GO,
  'ASYNC_HTTP_DEADLINE_MARGIN_MS',
  'ASYNC_HTTP_MAX_RETRY_ATTEMPTS',
  'ASYNC_HTTP_MAX_EVENT_AGE_SECONDS',
  'ASYNC_HTTP_METRICS',
];

/** Names that are ours without the prefix, which is often put before them. */
const WITHOUT_PREFIX = ['ASYNC_HANDLER', 'CUSTOM_RES'];

/** Letters to insert, remove or replace; underscores do not count. */
const MAX_DISTANCE = 2;

/** A sentence for each variable that has our prefix and is not ours. */
export function findUnknownNames(env: Environment): { problems: string[]; warnings: string[] } {
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const name of Object.keys(env)) {
    if (!name.startsWith(PREFIX) || NAMES.includes(name)) continue;
    const meant = nearest(name);
    // In brackets, because a sentence may follow.
    const question = meant === undefined ? 'is it a typo?' : `did you mean ${meant}?`;
    const list = meant !== undefined && WHERE_JOBS_GO.includes(meant) ? problems : warnings;
    list.push(`${name} is not a variable of async-http (${question})`);
  }
  return { problems, warnings };
}

function nearest(name: string): string | undefined {
  const letters = lettersOf(name);
  const limit = Math.min(MAX_DISTANCE, letters.length / 3);
  return [...NAMES, ...WITHOUT_PREFIX].find((known) => isNear(letters, lettersOf(known), limit));
}

/** `ONFAILURE` of `ASYNC_HTTP_ON_FAILURE`, `HANDLER` of `ASYNC_HANDLER`. */
function lettersOf(name: string): string {
  return name.replace(/^ASYNC_(HTTP_)?/, '').replaceAll('_', '');
}

/** Whether so many letters make the one of the other. */
function isNear(from: string, to: string, letters: number): boolean {
  if (letters < 0) return false;
  if (from === '' || to === '') return from.length + to.length <= letters;
  const [fromRest, toRest] = [from.slice(1), to.slice(1)];
  if (from[0] === to[0]) return isNear(fromRest, toRest, letters);
  const left = letters - 1;
  return isNear(fromRest, to, left) || isNear(from, toRest, left) || isNear(fromRest, toRest, left);
}
