export { isWhole } from './is-whole.ts';
export { lambdaContext } from './lambda-context.ts';
export { type HandedOff, type Listener, startListener } from './listener.ts';
export { type RecordedRequest, signatureOf, startRecordingAws } from './recording-aws.ts';
