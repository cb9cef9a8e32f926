import type { DeclaredProject } from '@async-http/emulator';
import type { Finding, Report } from '../finding.ts';
import { checkHandler } from './handler.ts';
import { checkLayers } from './layers.ts';
import { checkPermissions } from './permissions.ts';
import { checkProxy } from './proxy.ts';
import { checkSettings } from './settings.ts';
import { checkStore } from './store.ts';
import type { Subject } from './subject.ts';
import { isOurs, toSubject } from './subject.ts';
import { checkQueue, checkWorker } from './worker.ts';

type Check = (subject: Subject) => readonly Finding[] | Promise<readonly Finding[]>;

const CHECKS: readonly Check[] = [
  checkProxy,
  checkSettings,
  checkLayers,
  checkHandler,
  checkPermissions,
  checkStore,
  checkQueue,
  checkWorker,
];

/**
 * Checks every function of a project that uses async-http.
 *
 * @param cwd paths in findings are relative to it.
 */
export async function checkProject(project: DeclaredProject, cwd: string): Promise<Report> {
  const declarations = project.declarations();
  const ours = declarations.functions.filter(isOurs);
  const functions = [];
  for (const declaration of ours) {
    const subject = toSubject(declaration, { project, declarations, cwd });
    const findings: Finding[] = [];
    for (const check of CHECKS) findings.push(...(await check(subject)));
    functions.push({ name: declaration.name, place: declaration.place, findings });
  }
  return { file: project.file, functions, others: declarations.functions.length - ours.length };
}
