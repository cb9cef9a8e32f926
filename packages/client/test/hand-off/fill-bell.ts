import { closeSync, constants, openSync, writeSync } from 'node:fs';

/** Fills the FIFO as many clients would whose lines nobody reads. */
export function fillBell(path: string): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    for (const bytes of [4_096, 1]) writeUntilFull(fd, '\n'.repeat(bytes));
  } finally {
    closeSync(fd);
  }
}

function writeUntilFull(fd: number, text: string): void {
  try {
    while (true) writeSync(fd, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
}
