import { describe, expect, it } from 'vitest';
import { Host } from '../fixtures/host.ts';
import { EVERY_NODE_PROGRAM } from '../fixtures/node-programs.ts';

const frame = (name: string) =>
  expect.stringMatching(new RegExp(`^    at .*${name}.*fails-in-detail\\.mjs:\\d+`));

describe.each(EVERY_NODE_PROGRAM)('an error of a job on Node.js $major', (node) => {
  it('shows its stack down to the user’s last frame', async () => {
    const { errorType, errorMessage, stackTrace } = await failWith('deep', node);

    expect({ errorType, errorMessage }).toEqual({
      errorType: 'RangeError',
      errorMessage: 'no connection',
    });
    expect(stackTrace).toEqual([
      'RangeError: no connection',
      frame('query'),
      expect.stringContaining('node:internal'),
      frame('handler'),
    ]);
  });

  it('shows Node.js above the user’s frames, and not this program below them', async () => {
    const { stackTrace } = await failWith('of-json', node);

    expect(stackTrace.slice(1, 3)).toEqual(['    at JSON.parse (<anonymous>)', frame('handler')]);
    expect(stackTrace.join('\n')).not.toContain('handler-host');
  });

  it('shows its causes', async () => {
    const { stackTrace } = await failWith('with-cause', node);

    expect(stackTrace).toEqual([
      'Error: the order was not saved',
      frame('handler'),
      'Caused by: RangeError: no connection',
      frame('query'),
      expect.stringContaining('node:internal'),
      frame('handler'),
    ]);
  });

  it('that is its own cause has an end', async () => {
    const { stackTrace } = await failWith('its-own-cause', node);

    expect(stackTrace).toEqual(['Error: circular', frame('handler')]);
  });

  it('is cut when its message has 10 MB, which it says', async () => {
    const { errorMessage, stackTrace } = await failWith('huge', node);

    expect(errorMessage).toBe(`${'ä'.repeat(4096)}… (cut: it has 5000000 characters)`);
    expect(stackTrace).toEqual([`Error: ${errorMessage}`, frame('handler')]);
  });

  it('is cut to 50 lines of stack, which it says', async () => {
    const { stackTrace } = await failWith('deep-recursion', node);

    expect(stackTrace).toHaveLength(51);
    expect(stackTrace.at(-1)).toMatch(/^… \(\d+ lines were cut\)$/);
  });

  it('is not printed, since the extension reports it', async () => {
    const host = new Host({ node });
    await host.load('throws-later.handler');
    host.start({});
    await host.next('started');
    await host.next('dying');

    expect((await host.end()).stdout).toBe('');
  });
});

async function failWith(error: string, node: (typeof EVERY_NODE_PROGRAM)[number]) {
  const host = new Host({ node });
  await host.load('fails-in-detail.handler');
  host.start({ error });
  await host.next('started');
  return (await host.next('failed')).error;
}
