import app, { RoomObject as Shipped } from "./index.js";

/** What woke the rooms of this process, and what they wrote. */
const counts = {
  constructed: 0,
  fetched: 0,
  messages: 0,
  closes: 0,
  alarms: 0,
  rowsWritten: 0,
};

/** The shipped room, counted from outside: the product itself has no counter for this. */
export class RoomObject extends Shipped {
  constructor(ctx: DurableObjectState, env: object) {
    countRows(ctx.storage.sql);
    super(ctx, env);
    counts.constructed += 1;
  }

  override fetch(request: Request): Promise<Response> {
    counts.fetched += 1;
    return super.fetch(request);
  }

  override webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): Promise<void> {
    counts.messages += 1;
    return super.webSocketMessage(socket, raw);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string, clean: boolean): void {
    counts.closes += 1;
    super.webSocketClose(socket, code, reason, clean);
  }

  override alarm(): Promise<void> {
    counts.alarms += 1;
    return super.alarm();
  }
}

function countRows(sql: SqlStorage): void {
  const exec = sql.exec.bind(sql);
  const counted = (query: string, ...bindings: readonly SqlStorageValue[]) => {
    const cursor = exec(query, ...bindings);
    // Complete at once: a statement that writes returns no rows here.
    counts.rowsWritten += cursor.rowsWritten;
    return cursor;
  };
  Object.defineProperty(sql, "exec", { value: counted });
}

export default {
  fetch(request: Request, env: object, ctx: ExecutionContext): Response | Promise<Response> {
    return new URL(request.url).pathname === "/bench/counts"
      ? Response.json(counts)
      : app.fetch(request, env, ctx);
  },
};
