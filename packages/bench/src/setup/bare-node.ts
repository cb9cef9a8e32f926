import { privateMemory } from './private-memory.ts';
import { startProgram } from './start-program.ts';

const BARE = ['-e', 'console.log("ready"); setInterval(() => {}, 1e9)'];

/** Private memory of as many Node.js processes that do nothing, in MiB. */
export async function bareNodeMemory(count: number): Promise<number> {
  const programs = Array.from({ length: count }, () => startProgram(process.execPath, BARE));
  await Promise.all(programs.map(({ ready }) => ready));
  const mib = await privateMemory(programs.map(({ pid }) => pid));
  await Promise.all(programs.map((program) => program.stop()));
  return mib;
}
