/** The words of the operating system, as Node.js, Python, Go, Java and Rust pass them on. */
const TAKEN = /EADDRINUSE|address already in use/i;

/** Whether a line of output says that another process listens on that port already. */
export function saysPortIsTaken(line: string): boolean {
  return TAKEN.test(line);
}
