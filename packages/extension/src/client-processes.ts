/**
 * Whether the processes that ring still run. Where their ids mean nothing here (a PID namespace of its own), nobody is
 * taken for dead.
 */
export class ClientProcesses {
  #areVisible = false;

  /** One of them has been seen already. */
  areVisible(): void {
    this.#areVisible = true;
  }

  /** This process has rung just now. */
  heard(pid: number): void {
    this.#areVisible ||= isRunning(pid);
  }

  hasDied(pid: number): boolean {
    return this.#areVisible && !isRunning(pid);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
