import { Socket } from 'node:net';
import {
  type Frame,
  FrameReader,
  type HostCommand,
  type HostReport,
  writeFrame,
} from '../handler-process/frames.ts';

const PIPE = 3;

/** The handler process's end of the pipe. */
export class Connection {
  readonly #pipe = new Socket({ fd: PIPE, readable: true, writable: true });

  constructor(onCommand: (frame: Frame<HostCommand>) => void) {
    const frames = new FrameReader<HostCommand>();
    this.#pipe.on('data', (chunk: Buffer) => {
      for (const frame of frames.push(chunk)) onCommand(frame);
    });
    // The extension is gone, or user code has closed the pipe: nobody is left to work for.
    this.#pipe.on('error', () => {});
    this.#pipe.on('close', () => process.exit());
  }

  send(report: HostReport, body?: Buffer): void {
    if (this.#pipe.writable) writeFrame(this.#pipe, report, ...(body ? [body] : []));
  }

  /** Whether the open pipe alone keeps this process going. */
  set keepsAlive(keep: boolean) {
    if (keep) this.#pipe.ref();
    else this.#pipe.unref();
  }
}
