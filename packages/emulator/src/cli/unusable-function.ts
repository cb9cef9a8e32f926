import { FunctionUnusableError } from '../errors.ts';
import type { RunningFunction } from './functions.ts';

/** Stands for a function that cannot run, so that the others can: whoever asks for it gets the reason. */
export class UnusableFunction implements RunningFunction {
  readonly name: string;
  readonly timeline = [];
  readonly logs = [];
  readonly reason: Error;

  constructor(name: string, reason: Error) {
    this.name = name;
    this.reason = reason;
  }

  async invoke(): Promise<never> {
    throw new FunctionUnusableError(this.name, this.reason);
  }

  async unfinished(): Promise<never[]> {
    return [];
  }
  async idle(): Promise<void> {}
  async shutdown(): Promise<void> {}
  async kill(): Promise<void> {}
  async close(): Promise<void> {}
  interrupt(): void {}
  stopStarting(): void {}

  environments(): readonly never[] {
    return [];
  }

  environment(): never {
    throw new FunctionUnusableError(this.name, this.reason);
  }
}
