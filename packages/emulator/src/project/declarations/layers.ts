import { isAbsolute, resolve } from 'node:path';
import type { AwsResources } from '../aws-resources.ts';
import type { Place } from '../errors.ts';
import type { LocalLayer } from '../layers.ts';
import type { LayerDeclaration } from './declaration.ts';

export interface LayerScope {
  readonly folder: string;
  /** By the name that `Ref` uses. */
  readonly local: ReadonlyMap<string, LocalLayer>;
  readonly resources: AwsResources;
  /** The list in the file, and how to resolve what is in it. */
  readonly read: () => readonly unknown[];
  readonly place: Place;
}

/** The layers of a function, found or not. */
export function readLayerDeclarations(scope: LayerScope): LayerDeclaration[] {
  const { resources, read } = scope;
  const { value, undeclared } = resources.trace(read);
  return value.map((reference) => toDeclaration(reference, undeclared, scope));
}

function toDeclaration(
  reference: unknown,
  undeclared: readonly string[],
  { folder, local, place }: LayerScope,
): LayerDeclaration {
  if (typeof reference !== 'string' || reference === '') {
    return { reference: 'a layer that only the deployment knows', place, kind: 'in-aws' };
  }
  const layer = local.get(reference);
  if (layer) {
    return layer.path === undefined
      ? { reference, place: layer.place, kind: 'in-aws' }
      : { reference, place: layer.place, kind: 'here', path: layer.path };
  }
  if (undeclared.includes(reference)) return { reference, place, kind: 'undeclared' };
  if (!reference.startsWith('arn:') && /[/\\]|\.zip$/.test(reference)) {
    const path = isAbsolute(reference) ? reference : resolve(folder, reference);
    return { reference, place, kind: 'here', path };
  }
  return { reference, place, kind: 'in-aws' };
}
