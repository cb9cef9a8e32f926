import { REFUSAL_STATUS, type Refusal, type RefusalCode } from '@async-http/client/protocol';

/** Why a request on the socket is not accepted; the client shows code and message to its user. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly code: RefusalCode;
  readonly status: number;

  constructor(code: RefusalCode, message: string, status: number = REFUSAL_STATUS[code]) {
    super(message);
    this.code = code;
    this.status = status;
  }

  toJSON(): Refusal {
    return { code: this.code, message: this.message };
  }
}
