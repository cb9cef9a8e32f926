export { lambdaContext } from './lambda-context.ts';
export { type HandedOff, type Listener, startListener } from './listener.ts';
