import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attempt, bytesOf, handlerProcess } from '../fixtures/handler-process.ts';
import { NODE_PROGRAMS } from '../fixtures/node-programs.ts';

describe.each(NODE_PROGRAMS)('a job on Node.js $major', (node) => {
  it.each([
    ['a BigInt', 'bigint', /cannot be written as JSON: Do not know how to serialize a BigInt$/],
    ['a cycle', 'cycle', /cannot be written as JSON: Converting circular structure/],
    ['more than Lambda allows', 'huge', /has 6300002 bytes, more than Lambda's maximum of 6291556/],
  ])('has succeeded when it returns %s, without that', async (_, value, omitted) => {
    const handlers = handlerProcess('returns.handler', { node });

    expect(await handlers.run(attempt({ value }))).toEqual({
      status: 'succeeded',
      omitted: expect.stringMatching(omitted),
    });
  });

  it('is not asked for a result that nobody wants', async () => {
    const handlers = handlerProcess('returns.handler', { node });

    expect(await handlers.run(attempt({ value: 'unreadable' }, { wantsResult: false }))).toEqual({
      status: 'succeeded',
    });
    expect(await handlers.run(attempt({ value: 'times-read' }))).toMatchObject({ result: '0' });
  });

  it('is read from its file, also from one that has no name any more', async () => {
    const { file, unlink } = fileWithJob({ answer: 42 });
    const handlers = handlerProcess('echoes.handler', { node });
    const fd = openSync(file.file, 'r');
    onTestFinished(() => closeSync(fd));

    expect(await handlers.run(attempt({}, { bytes: file }))).toMatchObject({
      result: '{"answer":42}',
    });
    unlink();
    const bytes = { ...file, file: `/proc/${process.pid}/fd/${fd}` };
    expect(await handlers.run(attempt({}, { bytes }))).toMatchObject({ result: '{"answer":42}' });
  });

  it.each([
    [
      'is missing',
      (file: object) => ({ ...file, file: '/proc/nowhere' }),
      { errorMessage: expect.stringContaining('ENOENT'), retriable: true },
    ],
    [
      'ends too early',
      (file: object) => ({ ...file, contextBytes: 100 }),
      {
        errorType: 'Runtime.UnmarshalError',
        errorMessage: 'The job ends after 41 of its 113 bytes',
        retriable: false,
      },
    ],
  ])('fails with the reason when its file %s', async (_, change, error) => {
    const { file } = fileWithJob({ answer: 42 });
    const bytes = change(file) as typeof file;

    expect(
      await handlerProcess('echoes.handler', { node }).run(attempt({}, { bytes })),
    ).toMatchObject({ status: 'failed', ...error });
  });

  it('has the time until it is killed left, also when its signal fires', async () => {
    const handlers = handlerProcess('shows-context.handler', { node });
    const now = Date.now();

    const outcome = await handlers.run(attempt({}, { deadlineMs: now, killAtMs: now + 50_000 }));

    const { remainingMs } = JSON.parse(
      outcome.status === 'succeeded' ? String(outcome.result) : '',
    );
    expect(remainingMs).toBeGreaterThan(20_000);
  });

  it('keeps its time when its deadlines are further away than a timer can be', async () => {
    const far = Date.now() + 2 ** 45;
    const times = { deadlineMs: far, killAtMs: far, functionDeadlineMs: far };

    const outcome = await handlerProcess('waits-a-little.handler', { node }).run(
      attempt({}, times),
    );

    expect(outcome).toMatchObject({ result: '{"aborted":false}' });
  });

  it('is not disturbed by workers and programs of its own that end', async () => {
    const handlers = handlerProcess('has-helpers.handler', { node });
    const first = await handlers.run(attempt({}));

    expect(first).toMatchObject({ status: 'succeeded' });
    expect(await handlers.run(attempt({}))).toEqual(first);
    expect(handlers.logged).toEqual([]);
  });

  it('may use the client; what goes wrong after that is still seen', async () => {
    const handlers = handlerProcess('uses-client.handler', { node });

    expect(await handlers.run(attempt({}))).toMatchObject({ status: 'succeeded' });
    expect(await handlers.run(attempt({ throws: true }))).toMatchObject({
      status: 'failed',
      errorMessage: 'after the hand-off',
    });
  });
});

function fileWithJob(event: unknown) {
  const folder = mkdtempSync(join(tmpdir(), 'async-http-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'log');
  const bytes = bytesOf(event);
  writeFileSync(
    path,
    Buffer.concat([Buffer.from('a head of the log'), bytes.event, bytes.context]),
  );
  const file = {
    file: path,
    offset: 17,
    eventBytes: bytes.event.length,
    contextBytes: bytes.context.length,
  };
  return { file, unlink: () => rmSync(path) };
}
