import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { LayerDeclaration } from '@async-http/emulator';
import type { Finding } from '../finding.ts';
import { holdsExtension } from './layer-content.ts';
import { PROXY, type Subject } from './subject.ts';

const PACKAGE = '@async-http/layer-builder';
const ARTIFACT = `node_modules/${PACKAGE}/dist/layer.zip`;

/** The layer is there, it is found, and it has our extension. */
export function checkLayers(subject: Subject): Finding[] {
  const { declaration } = subject;
  const { layers, isImage } = declaration;
  if (isImage) return [];
  const broken = layers.flatMap((layer) => checkLayer(layer, subject));
  if (layers.some(({ path }) => path !== undefined && holdsExtension(path))) return broken;
  if (broken.length > 0 || !needsLayer(subject)) return broken;
  const remote = layers.filter(({ kind }) => kind === 'in-aws');
  if (remote.length > 0) {
    return [
      {
        code: 'ASYNC_HTTP_CHECK_LAYER_UNKNOWN',
        severity: 'note',
        problem: `The content of ${remote.map(({ reference }) => reference).join(', ')} is in AWS, so whether it is the async-http layer was not checked.`,
        advice: '',
      },
    ];
  }
  return [missing(subject)];
}

function needsLayer({ declaration: { handler, environment } }: Subject): boolean {
  return handler?.startsWith(PROXY) === true || environment.ASYNC_HANDLER !== undefined;
}

function missing({ declaration, declarations: { tool, layerNames } }: Subject): Finding {
  const { layers, handler } = declaration;
  const has =
    layers.length === 0
      ? 'The function has no layer'
      : 'No layer of the function has our extension';
  const means = handler?.startsWith(PROXY)
    ? `there is no ${handler} and every request would fail`
    : 'every hand-off would be refused';
  const name = layerNames.find((one) => /async-?(?:dash)?http/i.test(one));
  const own = name === undefined ? `a layer with ${ARTIFACT}` : `!Ref ${name}`;
  return {
    code: 'ASYNC_HTTP_CHECK_LAYER_MISSING',
    severity: 'error',
    problem: `${has}, so ${means}.`,
    advice:
      tool === 'cdk'
        ? 'Add it with new AsyncHttp(…).addTo(fn) of @async-http/cdk.'
        : `Add ${own} to ${tool === 'sam' ? 'Layers' : 'layers'}.`,
  };
}

function checkLayer(layer: LayerDeclaration, subject: Subject): Finding[] {
  if (layer.kind === 'undeclared') return [undeclared(layer, subject)];
  if (layer.path === undefined || existsSync(layer.path)) return [];
  return [fileMissing(layer, layer.path, subject)];
}

function undeclared(
  { reference }: LayerDeclaration,
  { declarations: { tool, layerNames, isOpen } }: Subject,
): Finding {
  const known = layerNames.map((name) => `!Ref ${name}`).join(' or ');
  const why =
    tool === 'serverless'
      ? ' Serverless Framework calls the layer asyncHttp AsyncHttpLambdaLayer.'
      : '';
  return {
    code: 'ASYNC_HTTP_CHECK_LAYER_UNDECLARED',
    severity: isOpen && layerNames.length === 0 ? 'warning' : 'error',
    problem: `The layer ${reference} is not declared in the project, so the deployment would fail.`,
    advice:
      known === ''
        ? `Declare it, with ${ARTIFACT}.${why}`
        : `Write ${known}, or declare ${reference}.${why}`,
  };
}

function fileMissing({ reference }: LayerDeclaration, path: string, { cwd, declaration }: Subject) {
  const folder = dirname(declaration.place.file);
  const elsewhere = path.includes(PACKAGE) ? findArtifact(folder) : undefined;
  const finding: Finding = {
    code: 'ASYNC_HTTP_CHECK_LAYER_FILE',
    severity: 'error',
    problem: `Layer ${reference}: there is no file at ${relative(cwd, path) || path}, so the deployment would fail.`,
    advice: path.includes(PACKAGE)
      ? elsewhere === undefined
        ? `Run npm install --save-dev ${PACKAGE}.`
        : `The package is installed elsewhere: write ${relative(folder, elsewhere)}.`
      : 'Build the layer first, or correct the path.',
  };
  return finding;
}

/** Where the package is installed, if that is in a folder above: monorepos have it there. */
function findArtifact(folder: string): string | undefined {
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    const path = join(above, ARTIFACT);
    if (existsSync(path)) return path;
  }
  return undefined;
}
