import { describe, expect, it } from 'vitest';
import type { CurrentRequest } from '../../src/requests/current-request.ts';
import { Requests } from '../../src/requests/requests.ts';

/** Requests of this process; `story` is what is told about them, in order. */
function startRequests({ isHeld = false } = {}) {
  const story: string[] = [];
  const requests = new Requests((requestId) => story.push(`end ${requestId}`));
  requests.listen({
    isHeld,
    started: ({ requestId, deadlineMs }: CurrentRequest) =>
      story.push(`started ${requestId} ${deadlineMs}`),
    replied: (requestId) => story.push(`replied ${requestId}`),
  });
  return { requests, story };
}

/** Wrappers tell of an end when the reply has been posted, which is two immediates after the handler. */
const posted = () =>
  new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));

describe('a request', () => {
  it('begins, replies and ends, and what is to be held is said before the end is rung', () => {
    const { requests, story } = startRequests();

    requests.begin({ requestId: 'r1' });
    expect(requests.isRunning('r1')).toBe(true);
    requests.end('r1');

    expect(story).toEqual(['started r1 undefined', 'replied r1', 'end r1']);
    expect(requests.isRunning('r1')).toBe(false);
    expect(requests.isOver('r1')).toBe(true);
  });

  it('ends once', () => {
    const { requests, story } = startRequests();
    requests.begin({ requestId: 'r1' });

    requests.end('r1');
    requests.end('r1');

    expect(story.filter((line) => line === 'end r1')).toHaveLength(1);
  });

  it('that has not begun here does not end here', () => {
    const { requests, story } = startRequests();

    requests.end('r1');

    expect(story).toEqual([]);
    expect(requests.isOver('r1')).toBe(false);
  });

  it('comes again with the same id, and is then a separate run', () => {
    const { requests, story } = startRequests();

    requests.begin({ requestId: 'r1', deadlineMs: 1_000 });
    requests.end('r1');
    requests.begin({ requestId: 'r1' });
    expect(requests.isOver('r1')).toBe(false);
    expect(requests.current.deadlineMs).toBeUndefined();
    requests.end('r1');

    expect(story.filter((line) => line === 'end r1')).toHaveLength(2);
  });

  it('is forgotten some time after its end', () => {
    const { requests } = startRequests();

    for (let request = 0; request < 1_000; request += 1) {
      requests.begin({ requestId: `r${request}` });
      requests.end(`r${request}`);
    }

    expect(requests.isOver('r0')).toBe(false);
    expect(requests.isOver('r999')).toBe(true);
  });
});

describe('a wrapper around a handler', () => {
  it('adds the deadline to a request that the runtime has shown, and leaves the end to the runtime', async () => {
    const { requests, story } = startRequests();
    requests.begin({ requestId: 'r1' });

    const end = requests.begin({ requestId: 'r1', deadlineMs: 1_000 });
    end();
    await posted();

    expect(requests.current).toEqual({ requestId: 'r1', deadlineMs: 1_000 });
    expect(story).toEqual(['started r1 undefined', 'started r1 1000']);
    expect(requests.isRunning('r1')).toBe(true);
  });

  it('reports the end where the runtime does not show it, when the reply has been posted', async () => {
    const { requests, story } = startRequests();
    const end = requests.begin({ requestId: 'r1' });

    end();
    expect(story).not.toContain('end r1');
    await posted();

    expect(story).toContain('end r1');
  });

  it('reports it once, also with several wrappers', async () => {
    const { requests, story } = startRequests();

    const ends = [requests.begin({ requestId: 'r1' }), requests.begin({ requestId: 'r1' })];
    for (const end of ends.reverse()) end();
    await posted();

    expect(story.filter((line) => line === 'end r1')).toHaveLength(1);
  });
});

describe('middleware', () => {
  it('makes a request known that nobody shows, and does not take it for running', () => {
    const { requests, story } = startRequests();

    requests.know({ requestId: 'r1', deadlineMs: 1_000 });

    expect(requests.current).toEqual({ requestId: 'r1', deadlineMs: 1_000 });
    expect(requests.isRunning('r1')).toBe(false);
    expect(story).toEqual(['started r1 1000']);
  });
});

describe('the environment', () => {
  it.each([true, false])('is held beyond the end of a request when work is open: %s', (isHeld) => {
    expect(startRequests({ isHeld }).requests.isHeld).toBe(isHeld);
  });

  it('is not held where nothing could be open', () => {
    expect(new Requests(() => {}).isHeld).toBe(false);
  });
});
