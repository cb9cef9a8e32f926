import type { Figure } from '../figure.ts';
import { nodePrograms } from '../setup/node-programs.ts';
import { emptyRequest } from './empty-request.ts';
import { emulatorDev } from './emulator-dev.ts';
import { emulatorInvoke } from './emulator-invoke.ts';
import { emulatorMemory } from './emulator-memory.ts';
import { handOff, handOffLarge } from './hand-off.ts';
import { init } from './init.ts';
import { layerSize, layerSizeCore } from './layer-size.ts';
import { memory } from './memory.ts';
import { reply } from './reply.ts';
import { settledToNext } from './settled-to-next.ts';
import { startUp } from './start-up.ts';
import { waitUntilInit } from './wait-until-init.ts';
import { waitUntilMemory } from './wait-until-memory.ts';
import { waitUntilRequests } from './wait-until-request.ts';

/** In the order of the table. */
export const figures: readonly Figure[] = [
  ...nodePrograms().map(startUp),
  handOff,
  handOffLarge,
  settledToNext,
  emptyRequest,
  memory,
  layerSizeCore,
  layerSize,
  reply,
  init,
  ...waitUntilRequests,
  waitUntilInit,
  waitUntilMemory,
  emulatorInvoke,
  emulatorDev,
  emulatorMemory,
];
