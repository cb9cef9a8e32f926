import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type JournaledJob, parseJournalFile } from './journal-file.ts';

/** Rejected files are for a person to look at; they must not fill /tmp (512 MB by default). */
const MAX_REJECTED_FILES = 16;
const MAX_REJECTED_BYTES = 32 * 1024 * 1024;

/** What {@link recoverJobs} found. */
interface Found {
  readonly jobs: readonly (JournaledJob & { readonly path: string })[];
  readonly problems: readonly string[];
}

/**
 * Reads a journal folder. Files that are no jobs are moved to `journal-rejected` beside it, where the
 * oldest make room; other things (folders, links) stay where they are. It never throws.
 */
export function recoverJobs(folder: string): Found {
  const jobs: (JournaledJob & { path: string })[] = [];
  const problems: string[] = [];
  for (const entry of entriesOf(folder, problems)) {
    const path = join(folder, entry.name);
    if (!entry.isFile()) {
      problems.push(`${path} is not a file of ours; it stays where it is`);
      continue;
    }
    try {
      jobs.push({ ...parseJournalFile(readFileSync(path)), path });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push(`${setAside(path)}: ${reason}`);
    }
  }
  return { jobs, problems };
}

function entriesOf(folder: string, problems: string[]) {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      problems.push(`${folder} cannot be read, so jobs in it are not found: ${error}`);
    }
    return [];
  }
}

/** @returns what became of the file */
function setAside(path: string): string {
  const rejected = join(dirname(dirname(path)), 'journal-rejected');
  try {
    mkdirSync(rejected, { recursive: true, mode: 0o700 });
    // The time in front keeps the names apart, and in order.
    const name = `${Date.now()}-${basename(path)}`;
    renameSync(path, join(rejected, name));
    makeRoom(rejected, name);
    return `${path} was moved to ${rejected}`;
  } catch (error) {
    return `${path} could not be moved to ${rejected} (${error})`;
  }
}

/** Removes the oldest until few enough are left; the newest one stays, however large. */
function makeRoom(rejected: string, newest: string): void {
  let bytes = 0;
  let files = 0;
  const all = readdirSync(rejected, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const name of all
    .map((entry) => entry.name)
    .sort()
    .reverse()) {
    const path = join(rejected, name);
    bytes += statSync(path).size;
    files += 1;
    const isTooMuch = files > MAX_REJECTED_FILES || bytes > MAX_REJECTED_BYTES;
    if (isTooMuch && name !== newest) rmSync(path, { force: true });
  }
}
