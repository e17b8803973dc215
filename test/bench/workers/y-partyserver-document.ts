import { routePartykitRequest } from "partyserver";
import { YServer } from "y-partyserver";
import * as Y from "yjs";

/** Most bytes of one row: the platform allows 2 MB. */
const PART_BYTES = 1_800_000;

/** A document as y-partyserver's README has it: hibernating, saved and loaded whole, in its own SQLite. */
export class Doc extends YServer {
  static override options = { hibernate: true };

  override async onLoad(): Promise<void> {
    const { sql } = this.ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS parts (part INTEGER PRIMARY KEY, data BLOB)");
    const parts = [...sql.exec<{ data: ArrayBuffer }>("SELECT data FROM parts ORDER BY part")];
    if (parts.length === 0) return;
    const whole = Buffer.concat(parts.map(({ data }) => new Uint8Array(data)));
    Y.applyUpdate(this.document, whole);
  }

  override async onSave(): Promise<void> {
    const whole = Y.encodeStateAsUpdate(this.document);
    this.ctx.storage.transactionSync(() => {
      const { sql } = this.ctx.storage;
      sql.exec("DELETE FROM parts");
      for (let at = 0; at < whole.length; at += PART_BYTES) {
        sql.exec("INSERT INTO parts (data) VALUES (?)", whole.slice(at, at + PART_BYTES).buffer);
      }
    });
  }
}

interface Env {
  readonly Doc: DurableObjectNamespace<Doc>;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return (await routePartykitRequest(request, env)) ?? new Response(null, { status: 404 });
  },
} satisfies ExportedHandler<Env>;
