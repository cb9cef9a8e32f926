type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'ASYNC_HTTP_';

// All without the prefix.

/** With one of these misspelt, a job or its record would not get where it should, and nobody would notice in time. */
const WHERE_JOBS_GO = ['ON_FAILURE', 'ON_SUCCESS', 'DELIVERY'];

const REST = [
  'DEADLINE_MARGIN_MS',
  'MAX_RETRY_ATTEMPTS',
  'MAX_EVENT_AGE_SECONDS',
  'METRICS',
  'STORE',
  'STORE_RESULTS',
  'STATUS_ACCESS',
  'STATUS_PATH',
  'TRACE',
];

/** Variables that have another prefix or none, and often get this one. */
const OTHERS: Readonly<Record<string, string>> = {
  HANDLER: 'ASYNC_HANDLER',
  CUSTOM_RES: 'CUSTOM_RES',
};

/** Letters to insert, remove or replace; underscores do not count. */
const MAX_DISTANCE = 2;

/** A sentence for each variable that has our prefix and is not ours. */
export function findUnknownNames(env: Environment): { problems: string[]; warnings: string[] } {
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const variable of Object.keys(env)) {
    const name = variable.slice(PREFIX.length);
    if (!variable.startsWith(PREFIX) || [...WHERE_JOBS_GO, ...REST].includes(name)) continue;
    const meant = nearest(name);
    const question = meant ? `did you mean ${OTHERS[meant] ?? PREFIX + meant}` : 'is it a typo';
    // In brackets, because a sentence may follow.
    (WHERE_JOBS_GO.includes(meant as string) ? problems : warnings).push(
      `${variable} is not a variable of async-http (${question}?)`,
    );
  }
  return { problems, warnings };
}

function nearest(name: string): string | undefined {
  const letters = lettersOf(name);
  const limit = Math.min(MAX_DISTANCE, letters.length / 3);
  return [...WHERE_JOBS_GO, ...REST, ...Object.keys(OTHERS)].find((known) =>
    isNear(letters, lettersOf(known), limit),
  );
}

const lettersOf = (name: string): string => name.replaceAll('_', '');

/** Whether so many letters make the one of the other. */
function isNear(from: string, to: string, letters: number): boolean {
  if (letters < 0 || !from || !to) return (from + to).length <= letters;
  const [fromRest, toRest] = [from.slice(1), to.slice(1)];
  return (
    isNear(fromRest, toRest, letters - (from[0] === to[0] ? 0 : 1)) ||
    isNear(fromRest, to, letters - 1) ||
    isNear(from, toRest, letters - 1)
  );
}
