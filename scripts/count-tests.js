// Prints "N passed, N failed" for the last run of the tests: node scripts/count-tests.js EXIT_CODE
//
// A run can fail without a failing test: lint, types, build, a test file that does not load. Such a
// failure counts as one, so that the line never says that all is well when it is not.

import { readFileSync } from 'node:fs';

const exitCode = Number(process.argv[2]);
const { passed, failed } = countTests();
console.log(`${passed} passed, ${failed === 0 && exitCode !== 0 ? 1 : failed} failed`);

function countTests() {
  const files = readReport();
  const tests = files.flatMap((file) => file.assertionResults);
  const count = (status) => tests.filter((test) => test.status === status).length;
  const brokenFiles = files.filter(
    (file) =>
      file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  return { passed: count('passed'), failed: count('failed') + brokenFiles.length };
}

function readReport() {
  try {
    return JSON.parse(readFileSync(new URL('../.vitest/report.json', import.meta.url), 'utf8'))
      .testResults;
  } catch {
    return []; // The tests were not reached.
  }
}
