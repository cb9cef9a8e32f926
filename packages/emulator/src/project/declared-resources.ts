import { LOCAL_TYPES, RESOURCE_KINDS } from './resource-kinds.ts';
import type { Section } from './section.ts';

const FUNCTION = 'AWS::Serverless::Function';

/** A resource of a template. */
interface Declared {
  readonly type: string;
  /** The name that it has in AWS. */
  readonly name: () => string;
}

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
    if (!kind) return;
    this.#declared.set(logicalId, {
      type,
      name: () =>
        properties.string(kind.nameProperty) ??
        (kind.madeUp?.(logicalId) ?? logicalId) + (isFifo(properties) ? '.fifo' : ''),
    });
  }

  /** A function, which has its name from elsewhere. */
  addFunction(logicalId: string, name: () => string): void {
    this.#declared.set(logicalId, { type: FUNCTION, name });
  }

  /** Whether there is something on this machine that stands in for the resource. */
  isLocal(logicalId: string): boolean {
    const { type = '' } = this.#declared.get(logicalId) ?? {};
    return type in LOCAL_TYPES || type === FUNCTION;
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

const isFifo = (properties: Section): boolean =>
  ['FifoQueue', 'FifoTopic'].some((key) => properties.string(key) === 'true');
