import type { Project } from '../project/project.ts';
import { createPaint } from './style.ts';

/** What a run serves, and what of the project file it does not: shown once, at the start. */
export function renderOverview(
  { routes, functions, unusable, warnings, stage }: Project,
  { url, colors }: { url: string; colors: boolean },
): string[] {
  const paint = createPaint(colors);
  const base = stage === '$default' ? url : `${url}/${stage}`;
  const { port } = new URL(url);
  const rows = [
    ...routes.map(({ method, path, functionName }) =>
      path === '$default'
        ? ['ANY', `${base}/*  ($default)`, functionName]
        : [method, `${base}${path}`, functionName],
    ),
    ...[...functions, ...unusable]
      .filter(({ hasUrl }) => hasUrl)
      .map(({ name }) => ['URL', `http://${name}.lambda-url.localhost:${port}/`, name]),
  ];
  const widths = [0, 1].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const table = rows.map(
    ([method = '', path = '', name = '']) =>
      `  ${method.padEnd(widths[0] ?? 0)}  ${paint('name', path.padEnd(widths[1] ?? 0))}  ${name}`,
  );
  const routeless = functions
    .map(({ name }) => name)
    .filter((name) => !rows.some((row) => row[2] === name));
  if (routeless.length > 0) {
    table.push(`  Without a route: ${routeless.join(', ')}. Run one with: invoke FUNCTION`);
  }
  return [...warnings.map((warning) => paint('caution', `! ${warning}`)), '', ...table, ''];
}
