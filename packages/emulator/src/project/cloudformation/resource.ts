import type { Section } from '../section.ts';

/** A resource that CloudFormation deploys unchanged. */
export interface TemplateResource {
  /** What `Ref` yields for it, unless AWS gives it another name. */
  readonly id: string;
  readonly type: string;
  readonly section: Section;
  readonly properties: Section;
}
