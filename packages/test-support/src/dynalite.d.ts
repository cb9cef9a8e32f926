declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A server that answers as DynamoDB does, with tables in memory. */
  function dynalite(options?: { createTableMs?: number }): Server;
  export = dynalite;
}
