import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "process",
    include: ["test/process/**/*.test.ts"],
    environment: "node",
    globalSetup: "test/support/temporary-folder.ts",
    fileParallelism: false,
    // One process for all, so that the shipped bundle is built once.
    isolate: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
