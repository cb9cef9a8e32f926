import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  itWorksInItsEnvironment,
  itWorksThroughAQueue,
  startRecipe,
} from './support/recipe-run.ts';
import { copyRecipe, setUpCommand } from './support/recipes.ts';
import { shared, type WhenOver } from './support/shared.ts';
import { typeErrors } from './support/type-check.ts';

const ENVIRONMENT = 'AWS CDK, in its own environment';
const QUEUE = 'AWS CDK, through a queue';

function copyApp(heading: string, whenOver?: WhenOver): string {
  const folder = copyRecipe(heading, whenOver);
  execFileSync('sh', ['-c', setUpCommand('AWS CDK', /^echo .*cdk\.json$/m)], { cwd: folder });
  return folder;
}

const start = (heading: string, whenOver: WhenOver) =>
  startRecipe(join(copyApp(heading, whenOver), 'cdk.json'), whenOver);

// The compiler and the synthesis take long on a busy machine.
describe('the recipe for AWS CDK', { timeout: 60_000 }, () => {
  it('has no type errors', () => {
    const files = [ENVIRONMENT, QUEUE].map((heading) => join(copyApp(heading), 'app.mts'));
    expect(typeErrors(files)).toEqual([]);
  });

  describe('in its own environment', () => {
    const dev = shared((whenOver) => start(ENVIRONMENT, whenOver));

    itWorksInItsEnvironment(
      dev,
      /→ FailedJobs\w*: RetriesExhausted \(Report\w*, 3 attempts\) Error: no luck\n/,
    );
  });

  describe('through a queue', () => {
    const dev = shared((whenOver) => start(QUEUE, whenOver));

    itWorksThroughAQueue(dev, { worker: '\\w*Worker\\w*', queue: '\\w+' });
  });
});
