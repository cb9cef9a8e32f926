import type { Reporter, TestModule } from 'vitest/node';

/** Says at the end of a run how many of the platform's rules hold, and which do not. */
class RulesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const broken = tests.filter((test) => test.result().state === 'failed');
    const holding = tests.filter((test) => test.result().state === 'passed');
    const failedModules = modules.filter((module) => module.errors().length > 0);
    for (const { fullName } of broken) process.stdout.write(`BROKEN  ${fullName}\n`);
    for (const { moduleId } of failedModules) process.stdout.write(`BROKEN  ${moduleId}\n`);
    process.stdout.write(`${holding.length} rules hold, ${broken.length} do not\n`);
  }
}

// biome-ignore lint/style/noDefaultExport: vitest takes a reporter's default export.
export default RulesReporter;
