/** What keeps a function's jobs from running, as it shows before a deploy. Nobody loads it in a function. */
export {
  checkFunction,
  type Defaults,
  type FunctionFacts,
  type FunctionFinding,
  type FunctionRule,
  LAMBDA_DEFAULTS,
} from './check-function.ts';
