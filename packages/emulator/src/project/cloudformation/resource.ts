import type { Section } from '../section.ts';

/** A resource of a template that CloudFormation deploys as it is. */
export interface TemplateResource {
  /** What `Ref` yields for it, unless AWS gives it another name. */
  readonly id: string;
  readonly type: string;
  readonly section: Section;
  readonly properties: Section;
}
