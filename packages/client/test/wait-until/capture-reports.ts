import { onTestFinished } from 'vitest';

/** What is reported in this test. The runtime replaces these methods in the same way. */
export function captureReports(): string[] {
  const { warn, error } = console;
  const reports: string[] = [];
  console.warn = (message) => reports.push(`WARN ${message}`);
  console.error = (message) => reports.push(`ERROR ${message}`);
  onTestFinished(() => void Object.assign(console, { warn, error }));
  return reports;
}
