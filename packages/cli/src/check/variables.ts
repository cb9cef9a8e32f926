import type { Finding } from '../finding.ts';
import { isOurVariable, type Subject } from './subject.ts';

/** What our variables refer to is declared. */
export function checkReferences({ declaration, declarations: { isOpen } }: Subject): Finding[] {
  return Object.entries(declaration.environment)
    .filter(([name]) => isOurVariable(name))
    .flatMap(([name, { value, undeclared }]): Finding[] => {
      const [first] = undeclared;
      if (first !== undefined) {
        return [
          {
            code: 'ASYNC_HTTP_CHECK_REFERENCE',
            severity: isOpen ? 'warning' : 'error',
            problem: `${name} refers to ${first}, which the project does not declare, so the deployment would fail.`,
            advice: isOpen
              ? 'Correct the name, unless a plugin adds this resource.'
              : 'Correct the name, or declare the resource.',
          },
        ];
      }
      if (value !== undefined) return [];
      return [
        {
          code: 'ASYNC_HTTP_CHECK_UNKNOWN_VALUE',
          severity: 'note',
          problem: `The value of ${name} is known only at the deployment, so it was not checked.`,
          advice: '',
        },
      ];
    });
}

/** There is a background handler where jobs are going to run. */
export function checkMissingHandler({
  declaration,
  isProxy,
  isWorker,
  delivers,
}: Subject): Finding[] {
  const { environment } = declaration;
  if (environment.ASYNC_HANDLER !== undefined) return [];
  const advice =
    'Set ASYNC_HANDLER to the background handler: path/to/module.export, e.g. src/report.background.';
  if ((isProxy && !delivers) || isWorker) {
    return [
      {
        code: 'ASYNC_HTTP_CHECK_VARIABLE_MISSING',
        severity: 'error',
        problem: isWorker
          ? 'ASYNC_HANDLER is missing, so no job of the queue would run.'
          : 'ASYNC_HANDLER is missing, so every request would be answered with an error.',
        advice,
      },
    ];
  }
  const [other] = Object.keys(environment).filter((name) => /^ASYNC_HTTP_(?:ON_|MAX_)/.test(name));
  if (other === undefined || delivers) return [];
  return [
    {
      code: 'ASYNC_HTTP_CHECK_VARIABLE_MISSING',
      severity: 'warning',
      problem: `${other} is set, but ASYNC_HANDLER is not, so every hand-off would be refused.`,
      advice: `${advice} For waitUntil alone, remove ${other}.`,
    },
  ];
}

/** A reference to a queue is its URL, where the ARN is meant. */
export function arnInsteadOf(text: string, { resources, variables }: Subject): string {
  const [name = ''] = text.split(' ');
  const value = variables[name] ?? '';
  const meant = resources.find(
    (resource) => value === resource.name || value.endsWith(`/${resource.name}`),
  );
  return meant !== undefined && !value.startsWith('arn:')
    ? `Refer to its ARN: !GetAtt ${meant.label}.Arn`
    : '';
}
