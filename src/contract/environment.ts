declare global {
  /** Filled in by what `wrangler types` writes in a team's own project. */
  namespace Cloudflare {
    interface Env {}
  }
}

export {};
