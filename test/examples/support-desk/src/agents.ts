import { DurableObject } from "cloudflare:workers";

/** Who works at the desk, and whose ticket is whose: a plain table, as a team may have it anywhere. */
export class AgentsObject extends DurableObject<Cloudflare.Env> {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS agents (id TEXT PRIMARY KEY)");
  }

  hire(id: string): void {
    this.ctx.storage.sql.exec("INSERT OR IGNORE INTO agents (id) VALUES (?)", id);
  }

  dismiss(id: string): void {
    this.ctx.storage.sql.exec("DELETE FROM agents WHERE id = ?", id);
  }

  has(id: string): boolean {
    return this.ctx.storage.sql.exec("SELECT 1 FROM agents WHERE id = ?", id).toArray().length > 0;
  }
}
