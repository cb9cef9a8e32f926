/** What the environment of a runtime process depends on, and an extension has to find out. */
export interface RuntimeFacts {
  /** The extension's own environment. */
  readonly extensionEnv: NodeJS.ProcessEnv;
  /** The function's handler, from the answer to `/register`. */
  readonly functionHandler: string;
  /** Major version of the Node.js program, e.g. 24. */
  readonly nodeMajor: number;
}

/** The environment that a runtime process would have, for the process in which background handlers run. */
export function handlerEnvironment(facts: RuntimeFacts): NodeJS.ProcessEnv {
  return { ...facts.extensionEnv, _HANDLER: facts.functionHandler };
}

/** The Node.js flags that Lambda's bootstrap gives to the runtime. */
export function runtimeNodeArguments(_facts: {
  readonly memoryMiB: number;
  readonly nodeMajor: number;
}): string[] {
  return [];
}
