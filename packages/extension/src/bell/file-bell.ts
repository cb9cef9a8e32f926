import { closeSync, fstatSync, ftruncateSync, openSync, readSync, rmSync, watch } from 'node:fs';
import { type Bell, LineCutter } from './bell.ts';

/** Notifications of changes can be lost on file systems that we do not know. */
const LOOK_EVERY_MS = 50;

/** Beyond this the file is emptied when nothing happens; a line has some 60 bytes. */
const LARGE = 8 * 1024 * 1024;

/** A moment in which no process is in the middle of ringing, once the file has not changed for this long. */
const QUIET_MS = 500;

/**
 * Where no FIFO could be made: a file that clients append to, and that is read on. A little slower, and the clients
 * do not notice the difference.
 */
export function fileBell(path: string): Bell {
  rmSync(path, { force: true });
  const fd = openSync(path, 'wx+', 0o600);
  return {
    listen(onLine) {
      const cutter = new LineCutter(onLine);
      const chunk = Buffer.alloc(16 * 1024);
      let position = 0;
      let changedAt = Date.now();
      const look = () => {
        while (true) {
          const bytes = readSync(fd, chunk, 0, chunk.length, position);
          if (bytes === 0) break;
          position += bytes;
          changedAt = Date.now();
          cutter.push(chunk.subarray(0, bytes));
        }
        const isQuiet = position > LARGE && Date.now() - changedAt > QUIET_MS;
        if (isQuiet && fstatSync(fd).size === position) {
          ftruncateSync(fd, 0);
          position = 0;
        }
      };
      const timer = setInterval(look, LOOK_EVERY_MS);
      try {
        watch(path, look).on('error', () => {});
      } catch {
        // The timer looks.
      }
      process.once('exit', () => {
        clearInterval(timer);
        closeSync(fd);
      });
      look();
    },
  };
}
