import type { HandlerName } from '../handler/handler-name.ts';
import type { Subject } from './subject.ts';

/** The background handler, where it is going to be loaded. */
export interface Target extends HandlerName {
  readonly handler: string;
  readonly folder: string;
  readonly subject: Subject;
  /** The path of a file for people. */
  readonly show: (file: string) => string;
}
