import { describe, expect, it } from 'vitest';
import { ClientProcesses } from '../src/client-processes.ts';
import { end, startIdleProcess } from './support/launcher.ts';

const NOBODY = 4_194_304;

describe('a process that has rung', () => {
  it('has died when it is not there any more', async () => {
    const processes = new ClientProcesses();
    const client = await startIdleProcess();
    processes.heard(client.pid);
    expect(processes.hasDied(client.pid)).toBe(false);

    await end(client);

    expect(processes.hasDied(client.pid)).toBe(true);
  });

  it('is not taken for dead where processes of the function cannot be seen', () => {
    const processes = new ClientProcesses();
    processes.heard(NOBODY);

    expect(processes.hasDied(NOBODY)).toBe(false);
  });

  it('has died before anybody looked, where the launcher has seen it', () => {
    const processes = new ClientProcesses();
    processes.areVisible();

    expect(processes.hasDied(NOBODY)).toBe(true);
  });
});
