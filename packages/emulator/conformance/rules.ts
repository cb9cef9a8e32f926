import type { Rule } from './rule.ts';
import { EXTENSIONS_API } from './rules/extensions-api.ts';
import { FRONT_DOORS } from './rules/front-doors.ts';
import { INVOCATIONS } from './rules/invoke-api.ts';
import { RUNTIME_API } from './rules/runtime-api.ts';
import { TELEMETRY_API } from './rules/telemetry-api.ts';

export const RULES: readonly Rule[] = [
  ...RUNTIME_API,
  ...EXTENSIONS_API,
  ...TELEMETRY_API,
  ...INVOCATIONS,
  ...FRONT_DOORS,
];
