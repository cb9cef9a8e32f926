import { PassThrough } from 'node:stream';

/** A body that is written while the function responds. It may be destroyed when nobody reads it: the client may have gone. */
export const lateBody = (): PassThrough => new PassThrough().on('error', () => undefined);
