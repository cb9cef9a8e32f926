export { isWhole } from './is-whole.ts';
export { lambdaContext } from './lambda-context.ts';
export { type HandedOff, type Listener, startListener } from './listener.ts';
export { packPackages, type Tarballs, takeTarballs } from './packed-packages.ts';
export { type RecordedRequest, signatureOf, startRecordingAws } from './recording-aws.ts';
export { runShell, startShell } from './shell.ts';
export { startTable, type TableAnswer, type TableMood } from './start-table.ts';
export { watchProgram } from './watch-program.ts';
