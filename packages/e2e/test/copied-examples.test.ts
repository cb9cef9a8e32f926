import { cpSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isWhole,
  packPackages,
  runShell,
  startShell,
  takeTarballs,
} from '@async-http/test-support';
import { expect, it, onTestFinished } from 'vitest';
import { shared } from './support/shared.ts';

const EXAMPLES = join(import.meta.dirname, '../../../examples');

interface Promised {
  /** What the caller gets, for each request of the README. */
  readonly replies: readonly RegExp[];
  /** What `dev` shows: the replies are out, and all the work is done before the freeze. */
  readonly story: RegExp;
}

const tracked = (what: string): RegExp =>
  new RegExp(`→ 200 in .*tracked ${what}\n.*environment frozen`, 's');
const aRoute: Promised = { replies: [/^HTTP\/1\.1 200 /], story: tracked('/orders/7') };

const PROMISED: Readonly<Record<string, Promised>> = {
  'serverless-framework': {
    replies: [/^HTTP\/1\.1 200 /],
    story: /→ 200 in .*invoice: sent\n.*environment frozen/s,
  },
  sam: {
    replies: [/^HTTP\/1\.1 202 .*accepted$/s, /^HTTP\/1\.1 200 /],
    story:
      /^(?=.*→ 202 in .*newsletter: sent\n)(?=.*→ 200 in .*invoice: sent\n.*environment frozen)/s,
  },
  queue: {
    replies: [/^HTTP\/1\.1 202 .*accepted$/s],
    story: /→ 202 in .*finished\n.*→ 1 message of \w+ done in/s,
  },
  'slack-bolt': { replies: [/^HTTP\/1\.1 200 .*Working on it …$/s], story: tracked('sales') },
  'wait-until': aRoute,
  hono: aRoute,
  h3: aRoute,
  'middy-powertools': aRoute,
  'vercel-functions': aRoute,
  'open-next': aRoute,
};

const tarballs = shared(packPackages);

it('there is a promise for every example', () => {
  const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(Object.keys(PROMISED).sort()).toEqual(folders.map(({ name }) => name).sort());
});

// What depends on the npm registry beyond the lock file is for `TESTS=whole`.
it.runIf(isWhole).each(Object.keys(PROMISED))(
  'the example %s, copied out and installed, does what its README says (with TESTS=whole)',
  { timeout: 240_000 },
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'copied-'));
    onTestFinished(() => rm(folder, { recursive: true }), 120_000);
    cpSync(join(EXAMPLES, name), folder, {
      recursive: true,
      filter: (path) => !/\/(?:node_modules|dist|\.async-http)$/.test(path),
    });
    takeTarballs(folder, await tarballs());
    const { start, ask } = readCommands(folder);
    const { replies, story } = PROMISED[name] as Promised;

    const dev = startShell(folder, `${start} -- --port 0`);
    onTestFinished(() => dev.close());
    const output = await runShell(folder, ask.replaceAll('http://localhost:3000', await dev.url()));

    expect(output.split(/(?=HTTP\/1\.1 \d)/)).toEqual(
      replies.map((reply) => expect.stringMatching(reply)),
    );
    await dev.sees(story);
  },
);

/** The two shell blocks of an example's README. */
function readCommands(folder: string): { start: string; ask: string } {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const [start = '', ask = ''] = [...readme.matchAll(/^```sh\n(.*?)\n```$/gms)].map(
    ([, commands = '']) => commands,
  );
  return { start, ask };
}
