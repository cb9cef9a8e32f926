import type { FunctionFolders } from './function-folders.ts';
import type { Sandbox } from './sandbox.ts';

export class HookSandbox {
  static async create(_: {
    folder: string;
    folders: FunctionFolders;
    handler: string;
  }): Promise<Sandbox> {
    throw new Error('not yet');
  }
}
