import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { RULES } from '../../conformance/rules.ts';
import type { Addresses } from '../../conformance/target.ts';
import { fixture, hasNamespaces } from '../support/start.ts';

const MAIN = fileURLToPath(new URL('../../conformance/main.ts', import.meta.url));

async function conformance(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode, stderr, lines: stdout.trimEnd().split('\n') };
}

/** The emulator in its own process. */
async function startEndpoint(): Promise<Addresses> {
  const child = spawn(process.execPath, [fixture('conformance-endpoint.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.stdin.end();
    await once(child, 'close');
  });
  const [line] = await once(child.stdout, 'data');
  return JSON.parse(String(line));
}

// Some 130 rules, one after the other.
it('plays the rules against any addresses, each environment with one life', {
  timeout: 180_000,
}, async () => {
  const addresses = await startEndpoint();

  const { exitCode, lines } = await conformance(
    '--json',
    ...Object.entries(addresses).flatMap(([name, url]) => ['--against', `${name}=${url}`]),
  );

  const outcomes = lines.slice(0, -1).map((line) => JSON.parse(line));
  const idsOf = (result: string) =>
    outcomes.filter((each) => each.result === result).map(({ id }) => id);
  // The emulator's differences count like anybody's here.
  const needingNamespaces = RULES.filter(({ needsNamespaces }) => needsNamespaces);
  expect(idsOf('differs').toSorted()).toEqual(
    [
      'node-js-runtime/api-address',
      'rest-api/greedy-root',
      'runtime-api/response-over-limit-rie',
      ...(hasNamespaces ? [] : needingNamespaces.map(({ id }) => id)),
    ].toSorted(),
  );
  expect(exitCode).toBe(1);
  expect(idsOf('agrees').length).toBeGreaterThan(110);
  expect(idsOf('not played')).toContain('extensions-api/register-eleventh');
});

it('names what a wrong endpoint answers, with the source of the rule', async () => {
  const server = createServer((_, response) => response.writeHead(200).end('"hello"'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;

  const { exitCode, lines } = await conformance(
    '--against',
    `function-url=http://127.0.0.1:${port}`,
  );

  expect(exitCode).toBe(1);
  const at = lines.findIndex((line) => line.startsWith('✗ function-url/string '));
  expect(lines.slice(at, at + 3)).toEqual([
    '✗ function-url/string  (recorded from AWS 2025-11-24: localstack@8b9a79f, test_lambda_url_invocation[string])',
    '    content-type is absent, not "application/json"',
    '    body is "\\"hello\\"", not "hello"',
  ]);
  expect(lines).toContain('Function URL     0 of 10 agree');
  expect(lines.at(-1)).toMatch(/^All +0 of 10 agree, \d+ not played$/);
});

it('says that nobody answers', async () => {
  const { exitCode, lines } = await conformance('--against', 'http-api=http://127.0.0.1:9');

  expect(exitCode).toBe(1);
  expect(lines).toContain('    no answer: connect ECONNREFUSED 127.0.0.1:9');
});

it.each([
  ['--against', 'nowhere=http://127.0.0.1:1'],
  ['--against', '127.0.0.1:1'],
  ['--against', 'http://a', '--against', 'http://b'],
  ['--agianst', 'http://a'],
])('does not understand %s %s: exit code 2', async (...args) => {
  const { exitCode, stderr } = await conformance(...args);

  expect(exitCode).toBe(2);
  expect(stderr).toContain('See pnpm conformance --help.');
});
