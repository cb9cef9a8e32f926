export const LANGUAGES = { ts: 'TypeScript', js: 'JavaScript' } as const;

/** Also the extension of the project's files. */
export type Language = keyof typeof LANGUAGES;

export const TOOLS = {
  serverless: 'Serverless Framework',
  sam: 'AWS SAM',
  cdk: 'AWS CDK',
} as const;

/** What deploys the project. */
export type Tool = keyof typeof TOOLS;

/** What a user chooses, by arguments or in answer to questions. */
export interface Choices {
  /** As it was typed: relative to the working directory, or absolute. */
  readonly folder: string;
  readonly language: Language;
  readonly tool: Tool;
}

export const DEFAULTS: Choices = { folder: 'my-app', language: 'ts', tool: 'serverless' };
