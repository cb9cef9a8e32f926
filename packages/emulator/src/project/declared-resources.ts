import { LOCAL_TYPES, RESOURCE_KINDS, type ResourceKind } from './resource-kinds.ts';
import type { Section } from './section.ts';

/** A resource of which there is a local stand-in. */
export interface DeclaredResource {
  readonly logicalId: string;
  readonly type: string;
  /** The name that it has in AWS. */
  readonly name: string;
  readonly properties: Section;
}

interface Declared {
  readonly type: string;
  readonly name: () => string;
  readonly properties?: Section;
}

const FUNCTION = 'AWS::Serverless::Function';

/** Names, ARNs and URLs of the resources that a project file declares, by logical id. */
export class DeclaredResources {
  readonly #region: string;
  readonly #declared = new Map<string, Declared>();
  readonly #asked = new Set<string>();

  constructor(region: string) {
    this.#region = region;
  }

  add(logicalId: string, type: string, properties: Section): void {
    const kind = RESOURCE_KINDS[type];
    const name = () =>
      (kind && properties.string(kind.nameProperty)) ?? madeUpName(logicalId, kind, properties);
    this.#declared.set(logicalId, { type, name, properties });
  }

  /** A function, which has its name from elsewhere. */
  addFunction(logicalId: string, name: () => string): void {
    this.#declared.set(logicalId, { type: FUNCTION, name });
  }

  has(logicalId: string): boolean {
    return this.#declared.has(logicalId);
  }

  /** Whether there is something on this machine that stands in for the resource. */
  isLocal(logicalId: string): boolean {
    const { type = '' } = this.#declared.get(logicalId) ?? {};
    return type in LOCAL_TYPES || type === FUNCTION;
  }

  /** Whether `Fn::GetAtt` of this attribute is what `Ref` is, as with the `ResourceId` of an API's resource. */
  isIdentifier(logicalId: string, attribute: string): boolean {
    const { type = '' } = this.#declared.get(logicalId) ?? {};
    return /^AWS::ApiGateway(?:V2)?::/.test(type) && /^(?!RootResource).*Id$/.test(attribute);
  }

  /** The queues, topics, event buses, buckets and tables. */
  local(): DeclaredResource[] {
    return [...this.#declared].flatMap(([logicalId, { type, name, properties }]) =>
      type in LOCAL_TYPES && properties ? [{ logicalId, type, name: name(), properties }] : [],
    );
  }

  /** Properties of a resource, when it is of this type. */
  propertiesOf(logicalId: string, wanted: string): Section | undefined {
    const { type, properties } = this.#declared.get(logicalId) ?? {};
    return type === wanted ? properties : undefined;
  }

  /** Properties of all resources of a type. */
  ofType(wanted: string): Section[] {
    return this.entriesOfType(wanted).map(([, properties]) => properties);
  }

  entriesOfType(wanted: string): [logicalId: string, properties: Section][] {
    return [...this.#declared].flatMap(([id, { type, properties }]) =>
      type === wanted && properties ? [[id, properties] as [string, Section]] : [],
    );
  }

  /** What `Ref`, or with an attribute `Fn::GetAtt`, is in AWS; `undefined` when that is not known here. */
  valueOf(logicalId: string, attribute?: string): string | undefined {
    const declared = this.#declared.get(logicalId);
    const kind = declared && RESOURCE_KINDS[declared.type];
    const form = attribute ? kind?.attributes[attribute] : kind?.ref;
    // A name that is made from itself has no value, here as in AWS.
    if (!declared || !form || this.#asked.has(logicalId)) return undefined;
    this.#asked.add(logicalId);
    try {
      return form(declared.name(), this.#region);
    } finally {
      this.#asked.delete(logicalId);
    }
  }
}

function madeUpName(
  logicalId: string,
  kind: ResourceKind | undefined,
  properties: Section,
): string {
  const isFifo = ['FifoQueue', 'FifoTopic'].some((key) => properties.string(key) === 'true');
  return (kind?.madeUp?.(logicalId) ?? logicalId) + (isFifo ? '.fifo' : '');
}
