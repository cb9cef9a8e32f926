/** When the reply of the running request was out: the start of its tail. */
export class LatestReply {
  #reply: { readonly requestId: string; readonly atMs: number } | undefined;
  #takenAtMs = 0;

  /** The function has ended its run of this request, at `atMs` (wall clock). The first time counts. */
  heard(requestId: string, atMs: number): void {
    // Lambda reports an end late, also after the next INVOKE.
    if (atMs < this.#takenAtMs || this.#reply?.requestId === requestId) return;
    this.#reply = { requestId, atMs };
  }

  /** The hold of a run of this request has ended. Lambda may repeat it with its id, so the reply is forgotten. */
  take(requestId: string, nowMs: number): number | undefined {
    const reply = this.#reply;
    this.#reply = undefined;
    this.#takenAtMs = nowMs;
    return reply?.requestId === requestId ? reply.atMs : undefined;
  }
}
