import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '@async-http/client/protocol';
import { describe, expect, it } from 'vitest';
import { destinationActions, keyActions } from './support/destination-actions.ts';
import { commonFile, recipe } from './support/recipes.ts';
import {
  declaredIn,
  parseModule,
  readModule,
  referencesIn,
  type TerraformModule,
} from './support/terraform.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MODULE = join(ROOT, 'infra/terraform');
const SOURCE = 'github.com/async-http/async-http//infra/terraform';

const EXAMPLES = [
  { example: 'environment', heading: 'Terraform, in its own environment' },
  { example: 'queue', heading: 'Terraform, through a queue' },
];

function expectAllReferencesDeclared(module: TerraformModule): void {
  const declared = declaredIn(module);
  const local = [...referencesIn(module)].filter((name) => !name.startsWith('module.'));
  expect(local.filter((name) => !declared.has(name))).toEqual([]);
}

function expectFitsModule(caller: TerraformModule, module: TerraformModule): void {
  const { source: _, ...given } = caller.module.async_http?.[0] ?? {};
  const required = Object.entries(module.variable)
    .filter(([, [variable]]) => !Object.hasOwn(variable ?? {}, 'default'))
    .map(([name]) => name);
  expect(Object.keys(module.variable)).toEqual(expect.arrayContaining(Object.keys(given)));
  expect(Object.keys(given)).toEqual(expect.arrayContaining(required));
  const outputs = [...referencesIn(caller)]
    .filter((name) => name.startsWith('module.'))
    .map((name) => name.replace('module.async_http.', ''));
  expect(outputs).not.toEqual([]);
  expect(Object.keys(module.output)).toEqual(expect.arrayContaining(outputs));
}

describe('the Terraform module', () => {
  it('declares all that it refers to', async () => {
    expectAllReferencesDeclared(await readModule(MODULE));
  });

  it('uses every variable and local value that it declares', async () => {
    const module = await readModule(MODULE);
    const used = referencesIn({ ...module, variable: {} });
    const unused = [...declaredIn(module)].filter((name) => /^(var|local)\./.test(name));
    expect(unused.filter((name) => !used.has(name))).toEqual([]);
  });

  it('sets every variable of async-http, by the name that the layer reads', () => {
    const text = readFileSync(join(MODULE, 'main.tf'), 'utf8');
    const names = [...new Set(text.match(/\bASYNC_[A-Z_]+\b/g))];
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const documented = [...readme.matchAll(/^\| `(ASYNC_[A-Z_]+)` \|/gm)].map(([, name]) => name);

    expect(names.toSorted()).toEqual(documented.toSorted());
    for (const name of names) {
      const { problems, warnings } = readSettings({ [name]: '' });
      expect([...problems, ...warnings]).toContainEqual(expect.stringMatching(`^${name} must`));
    }
  });

  it('allows what the CDK construct allows, for each kind of destination', async () => {
    const { actions, resource_suffixes: suffixes } = (await readModule(MODULE)).locals;
    const ofCdk = Object.entries(destinationActions());

    expect(actions).toEqual(
      Object.fromEntries(ofCdk.map(([service, { action }]) => [service, action])),
    );
    expect(suffixes).toEqual(
      Object.fromEntries(
        ofCdk.filter(([, { suffix }]) => suffix).map(([service, { suffix }]) => [service, suffix]),
      ),
    );
  });

  it('allows to use the key of a destination as the CDK construct does', async () => {
    const { destination_statements: statements } = (await readModule(MODULE)).locals;
    expect([...`${statements}`.matchAll(/"(kms:\w+)"/g)].map(([, action]) => action)).toEqual(
      keyActions(),
    );
  });

  it('documents its variables, outputs and actions', async () => {
    const readme = readFileSync(join(MODULE, 'README.md'), 'utf8');
    const { variable, output } = await readModule(MODULE);
    const rows = [...readme.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    const actions = [...readme.matchAll(/^\| [^|]+ \| `(\w+:\w+)` \|/gm)].map(([, name]) => name);

    expect(rows).toEqual(
      expect.arrayContaining([...Object.keys(variable), ...Object.keys(output)]),
    );
    expect(actions).toEqual(Object.values(destinationActions()).map(({ action }) => action));
  });

  it('delivers only failed jobs again, and keeps those that fail in every attempt for 14 days', async () => {
    const { resource } = await readModule(MODULE);
    const only = (type: string, name: string) => resource[type]?.[name]?.[0];

    expect(only('aws_lambda_event_source_mapping', 'worker')).toMatchObject({
      event_source_arn: `\${aws_sqs_queue.jobs[0].arn}`,
      function_response_types: ['ReportBatchItemFailures'],
    });
    expect(only('aws_sqs_queue', 'jobs')).toMatchObject({
      visibility_timeout_seconds: `\${6 * var.worker.timeout}`,
      redrive_policy: expect.stringContaining('aws_sqs_queue.dead_jobs[0].arn'),
    });
    expect(only('aws_sqs_queue', 'dead_jobs')).toMatchObject({
      message_retention_seconds: `\${14 * 24 * 60 * 60}`,
    });
  });
});

describe.each(EXAMPLES)('the Terraform example $example', ({ example, heading }) => {
  const folder = join(MODULE, 'examples', example);

  it('declares all that it refers to', async () => {
    expectAllReferencesDeclared(await readModule(folder));
  });

  it('gives the module what it needs, and uses outputs that it has', async () => {
    expectFitsModule(await readModule(folder), await readModule(MODULE));
  });

  it('is the recipe of docs/infrastructure.md', async () => {
    const [file] = recipe(heading);
    const main = readFileSync(join(folder, 'main.tf'), 'utf8');

    expect(file?.text).toBe(`# main.tf\n${main.replace('"../.."', `"${SOURCE}"`)}`);
    expect(`// src/report.mjs\n${readFileSync(join(folder, 'src/report.mjs'), 'utf8')}`).toBe(
      commonFile().text,
    );
  });
});

it('the example in the README of the Terraform module fits it', async () => {
  const readme = readFileSync(join(MODULE, 'README.md'), 'utf8');
  const [, block = ''] = /^```hcl\n(.*?)^```$/ms.exec(readme) ?? [];
  expectFitsModule(await parseModule({ 'README.tf': block }), await readModule(MODULE));
});
