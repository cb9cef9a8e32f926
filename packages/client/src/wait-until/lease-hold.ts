import { mkdirSync, readFileSync } from 'node:fs';
import type { Bell } from '../hand-off/bell.ts';
import { deadlinePath, stateFolder } from '../protocol/places.ts';
import type { CurrentRequest } from '../requests/current-request.ts';
import type { Hold } from './hold.ts';
import { reportNotSetUp } from './report-no-hold.ts';

/**
 * With the layer: one lease for all promises that are open, rung before `waitUntil` returns, so it cannot come too
 * late. The extension notices when this process dies.
 */
export class LeaseHold implements Hold {
  readonly #bell: Bell;
  #isOpen = false;
  #isMissReported = false;

  constructor(bell: Bell) {
    this.#bell = bell;
  }

  take(_request: CurrentRequest): void {
    if (this.#isOpen) return;
    // The extension writes the deadline down there when it hears of the lease.
    if (this.#bell.isThere) makeFolder(stateFolder(this.#bell.base));
    this.#isOpen = this.#ring(true);
  }

  release(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#ring(false);
  }

  deadlineOf(requestId: string | undefined): number | undefined {
    if (!this.#isOpen) return undefined;
    try {
      const text = readFileSync(deadlinePath(stateFolder(this.#bell.base)), 'utf8');
      const [id, deadlineMs] = text.split(' ');
      return id === requestId ? Number(deadlineMs) : undefined;
    } catch {
      return undefined; // Not written yet.
    }
  }

  #ring(isOpen: boolean): boolean {
    try {
      this.#bell.ring({ type: 'lease', instance: this.#bell.instance, isOpen });
      return true;
    } catch {
      if (!this.#isMissReported) reportNotSetUp();
      this.#isMissReported = true;
      return false;
    }
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch {
    // A full or unwritable /tmp: then the deadline stays unknown.
  }
}
