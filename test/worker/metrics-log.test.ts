import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "./support/app.ts";
import { call } from "./support/http.ts";
import { room } from "./support/metrics.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

// The clock stands still unless a test moves it, so that alarms go off when a test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the log", () => {
  it("says every refusal once, with its code and its path, and no token (P11.1)", async () => {
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line) => lines.push(String(line)));
    const name = room();
    const path = `/v1/rooms/${name}/messages`;
    const secret = "not-a-token-but-a-secret";
    try {
      await call("GET", `${path}?token=${secret}`, { auth: "" });
      await call("GET", `${path}?limit=0`);
      await call("PATCH", `${path}/7`, { body: { content: "x" } });
      await call("GET", "/v1/nothing", { auth: "" });
      await call("GET", "/nowhere", { auth: "" });
      const peer = await Peer.connect(name, "x", { wire: "plain", token: secret });
      await peer.untilClosed();
    } finally {
      log.mockRestore();
    }
    const refused = lines
      .map((line): { event: string; code: string; path: string } => JSON.parse(line))
      .filter(({ event }) => event === "refused")
      .map(({ code, path: at }) => [code, at]);
    expect(refused).toEqual([
      ["unauthorized", path],
      ["invalid_request", path],
      ["not_found", `${path}/7`],
      ["not_found", "/v1/nothing"],
      ["not_found", "/nowhere"],
      ["unauthorized", `/v1/rooms/${name}/ws`],
    ]);
    expect(lines.join()).not.toContain(secret);
  });

  it("says why a connection ended in our words, and never in a client's", async () => {
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line) => lines.push(String(line)));
    const name = room();
    try {
      const secret = await Peer.connect(name, "secret");
      secret.socket.close(4_000, "eyJ.a-secret");
      await secret.untilClosed();
      const leaver = await Peer.connect(name, "leaver");
      leaver.send({ type: "leave_room" });
      await leaver.untilClosed();
      const query = `since=0&epoch=${leaver.joined.epoch}&wait=1`;
      const auth = await tokenFor("poller");
      await call("GET", `/v1/rooms/${name}/poll?${query}`, { auth });
      await vi.waitFor(() => expect(lines.join()).toContain("the poll is answered"));
    } finally {
      log.mockRestore();
    }
    const ended = lines
      .map((line): { event: string; userId: string; reason: string } => JSON.parse(line))
      .filter(({ event }) => event === "disconnect")
      .map(({ userId, reason }) => [userId, reason]);
    expect(ended).toEqual([
      ["secret", "closed by the client"],
      ["leaver", "left the room"],
      ["poller", "the poll is answered"],
    ]);
    expect(lines.join()).not.toContain("eyJ");
  });

  it("keeps the mark of a refusal to itself", async () => {
    const response = await call("GET", "/v1/nothing", { auth: "" });
    expect([...response.headers.keys()].filter((header) => header.includes("hibiki"))).toEqual([]);
  });
});

describe("/healthz", () => {
  it("answers as the contract says, without asking who calls", async () => {
    const response = await call("GET", "/healthz", { auth: "" });
    expect([response.status, await response.json()]).toEqual([
      200,
      { status: "ok", version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    ]);
  });

  it.each([
    [{ AUTH_SECRET: "short" }, 503, "AUTH_SECRET: must have at least 32 bytes"],
    [{ LIMIT_FRAMES_BURST: "many" }, 503, "LIMIT_FRAMES_BURST: must be a whole number"],
    // Alive, and yet to be set up: everything below /v1 says so.
    [{ AUTH_SECRET: "" }, 200, "ok"],
  ])("says of settings that cannot be read that they cannot: %j", async (vars, status, words) => {
    const request = new Request("https://edge.test/healthz");
    const response = await app.fetch(request, { ...env, ...vars });
    expect([response.status, await response.text()]).toEqual([
      status,
      expect.stringContaining(words),
    ]);
  });
});
