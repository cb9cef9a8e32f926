import type { Preflight } from './project.ts';
import type { Section } from './section.ts';

/** The first response of a mock integration behind OPTIONS, whose keys the tools write differently. */
export interface MockResponse {
  readonly statusCode: number | undefined;
  /** By `method.response.header.Name`. */
  readonly parameters: Section;
  /** By media type. */
  readonly templates: Section;
}

/** The answer to OPTIONS that a mock integration gives. */
export function toMockPreflight({ statusCode, parameters, templates }: MockResponse): Preflight {
  const texts = templates.keys().map((type) => templates.string(type) ?? '');
  return {
    statusCode: statusCode ?? 200,
    headers: Object.fromEntries(
      parameters
        .keys()
        .map((key) => [
          key.replace('method.response.header.', '').toLowerCase(),
          (parameters.string(key) ?? '').replace(/^'(.*)'$/, '$1'),
        ]),
    ),
    // More origins than one are compared in a template.
    origins: texts.flatMap((text) =>
      [...text.matchAll(/\$origin(?: == |\.matches\()"([^"]+)"/g)].map(([, origin = '']) => origin),
    ),
  };
}
