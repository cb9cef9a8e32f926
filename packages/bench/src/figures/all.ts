import type { Figure } from '../figure.ts';
import { bundles } from './bundles.ts';
import { coldStarts } from './cold.ts';
import { emulatorChange, emulatorDevs, emulatorDevTypeScript } from './emulator-dev.ts';
import { emulatorInvoke } from './emulator-invoke.ts';
import { emulatorMemory } from './emulator-memory.ts';
import { emulatorPage } from './emulator-page.ts';
import { emulatorBurst, emulatorMany, emulatorSequence } from './emulator-requests.ts';
import { emulatorUnfinished } from './emulator-unfinished.ts';
import { handOff, handOffLarge } from './hand-off.ts';
import { keys } from './keys.ts';
import { memoryAfter, memoryBefore } from './memory.ts';
import { releaseAfterJob, releaseOfNothing } from './release.ts';
import { rescues } from './rescue.ts';
import { clientSize, layerSize, layerSizeCore } from './sizes.ts';
import { tracing } from './tracing.ts';
import { waitUntilInit } from './wait-until-init.ts';
import { waitUntilMemory } from './wait-until-memory.ts';
import { waitUntilProcesses } from './wait-until-processes.ts';
import { waitUntilRequests } from './wait-until-request.ts';
import { warm } from './warm.ts';

/** In the order of the table. */
export const figures: readonly Figure[] = [
  ...coldStarts,
  warm,
  handOff,
  handOffLarge,
  keys,
  ...tracing,
  releaseAfterJob,
  releaseOfNothing,
  memoryBefore,
  memoryAfter,
  waitUntilProcesses,
  waitUntilInit,
  waitUntilMemory,
  ...waitUntilRequests,
  ...bundles,
  clientSize,
  layerSizeCore,
  layerSize,
  ...rescues,
  emulatorInvoke,
  ...emulatorUnfinished,
  ...emulatorDevs,
  emulatorDevTypeScript,
  emulatorChange,
  emulatorMemory,
  emulatorSequence,
  emulatorBurst,
  emulatorMany,
  ...emulatorPage,
];
