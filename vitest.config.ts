import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

/** Secrets of the tests alone: a checkout's own `.dev.vars` must not decide what they see. */
const bindings = {
  AUTH_SECRET: "a-secret-of-the-tests-and-of-nothing-else",
  API_KEY: "an-api-key-of-the-tests-and-of-nothing-else",
  GUESTS: "on",
  LIMIT_CONNECTIONS_PER_IP: "12",
  // A test joins as fast as it can.
  LIMIT_JOINS_PER_MINUTE: "0",
};

export default defineConfig({
  test: {
    silent: "passed-only",
    // Two cores at least: Vitest alone would leave one of two to nobody.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          environment: "node",
          testTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            main: "./test/worker/support/worker.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings, durableObjects: { ECHO: "EchoObject" } },
          }),
        ],
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.ts"],
          exclude: ["test/worker/own/**"],
          setupFiles: ["test/worker/support/warm-up.ts"],
          testTimeout: 20_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            main: "./test/fixtures/kinds/worker.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings },
          }),
        ],
        test: {
          // A deployment that has a kind of its own, made by none of our sources.
          name: "own",
          include: ["test/worker/own/**/*.test.ts"],
          setupFiles: ["test/worker/support/warm-up.ts"],
          testTimeout: 20_000,
        },
      },
    ],
  },
});
