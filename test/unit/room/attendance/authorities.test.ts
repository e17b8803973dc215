import { beforeEach, describe, expect, it } from "vitest";
import { BUILT_IN } from "../../../../src/kinds/built-in.ts";
import { KindTable } from "../../../../src/kinds/kind-table.ts";
import type { Asking, Granted, Verdict } from "../../../../src/protocol/authority.ts";
import { admittedBy } from "../../../../src/protocol/authority.ts";
import { AUTHORITY_BOUNDS } from "../../../../src/protocol/authority-limits.ts";
import { refusal } from "../../../../src/protocol/error.ts";
import { AUTHORITY_ENDED } from "../../../../src/protocol/refusals.ts";
import { clubs } from "../../../fixtures/kinds/club.ts";
import { RoomScene, T0 } from "../support/scene.ts";

const KINDS = new KindTable([...BUILT_IN, clubs]);
const MINUTE = 60_000;
const TOKEN_ENDS = T0 + 60 * MINUTE;

const OWNER: Granted = {
  kind: "granted",
  permissions: ["read", "write"],
  forMs: 5 * MINUTE,
  member: { role: "owner" },
};
const GUEST: Granted = { ...OWNER, permissions: ["read"], member: { role: "guest" } };
const REFUSED: Verdict = { kind: "refused", error: refusal("access_denied", "No more.") };
const FAILED: Verdict = { kind: "failed", error: refusal("unavailable", "?"), reason: "?" };

let scene: RoomScene;
beforeEach(() => {
  scene = new RoomScene("club:a", {}, KINDS);
});

function join(id: string, granted = OWNER, now = T0, tokenEndsAt = TOKEN_ENDS): void {
  const request = { url: "https://edge.test/", headers: {} };
  const asked = { askedAt: now, tokenEndsAt, grants: [], request };
  scene.join(id, admittedBy(granted, asked), undefined, now);
}

/** Who is asked about by now. */
function toAsk(now: number): readonly string[] {
  return scene.room.authorities.toAsk(now).map(({ id }) => id);
}

/** Asks about whoever is due, and answers. */
function answer(verdict: Verdict, now: number, askedAt = now): readonly Asking[] {
  const asking = scene.room.authorities.toAsk(now);
  for (const one of asking) scene.room.authorities.answered(one, verdict, askedAt, now);
  scene.flush(now);
  return asking;
}

function sessionOf(id: string) {
  return scene.room.connection(id)?.session;
}

const closeOf = (id: string) => scene.sockets.closes.get(id);

describe("what a rule granted", () => {
  it("is asked for again when its time is over, once at a time, and not before (P14.5)", () => {
    join("ada");
    expect(scene.room.wakeAt).toBeLessThanOrEqual(T0 + 5 * MINUTE);
    expect(toAsk(T0 + 5 * MINUTE - 1)).toEqual([]);
    expect(toAsk(T0 + 5 * MINUTE)).toEqual(["ada"]);
    expect(toAsk(T0 + 5 * MINUTE)).toEqual([]);
    scene.sockets.pings.set("ada", T0 + 5 * MINUTE);
    scene.room.sweep(T0 + 5 * MINUTE);
    // Or the alarm would go off again and again while it is asked.
    expect(scene.room.wakeAt).toBeGreaterThan(T0 + 5 * MINUTE);
  });

  it("has another time after each answer", () => {
    join("ada");
    answer(OWNER, T0 + 5 * MINUTE);
    expect(sessionOf("ada")?.authority?.askAt).toBe(T0 + 10 * MINUTE);
    expect(scene.sockets.payloads("ada", "you")).toEqual([]);
  });

  it("lasts as long as the token where it says no time, and never longer", () => {
    join("ada", { ...OWNER, forMs: undefined });
    join("ben", { ...OWNER, forMs: 24 * 60 * MINUTE });
    for (const id of ["ada", "ben"]) {
      expect(sessionOf(id)).toMatchObject({
        expiresAt: TOKEN_ENDS,
        authority: { askAt: TOKEN_ENDS },
      });
    }
    expect(toAsk(TOKEN_ENDS)).toEqual([]);
  });

  it("changes at once with the answer, and its person is told (P14.4)", () => {
    join("ada");
    answer(GUEST, T0 + 5 * MINUTE);
    expect(scene.sockets.payloads("ada", "you")).toEqual([
      { can: ["read"], member: { role: "guest" } },
    ]);
    expect(sessionOf("ada")?.permissions).toEqual(["read"]);
  });

  it("ends with a refusal: told, and closed with 4403 (P14.6)", () => {
    join("ada");
    answer(REFUSED, T0 + 5 * MINUTE);
    expect(scene.sockets.payloads("ada", "error")).toMatchObject([{ message: "No more." }]);
    expect(closeOf("ada")).toBe(4403);
  });

  it("ends for whoever may not read any more", () => {
    join("ada");
    answer({ ...OWNER, permissions: ["write"] }, T0 + 5 * MINUTE);
    expect(closeOf("ada")).toBe(4403);
  });
});

describe("while the rule fails (P14.7)", () => {
  it.each([
    { forMs: 2 * MINUTE, graceMs: 2 * MINUTE },
    { forMs: 30 * MINUTE, graceMs: 10 * MINUTE },
  ])("what it granted for $forMs ms stands once more, for $graceMs", ({ forMs, graceMs }) => {
    join("ada", { ...OWNER, forMs });
    const failedAt = T0 + forMs;
    for (let now = failedAt; now < failedAt + graceMs; now += AUTHORITY_BOUNDS.askAgainMs) {
      expect(answer(FAILED, now)).toHaveLength(1);
      expect(toAsk(now + AUTHORITY_BOUNDS.askAgainMs - 1)).toEqual([]);
    }
    scene.flush(failedAt + graceMs - 1);
    expect(closeOf("ada")).toBeUndefined();
    scene.flush(failedAt + graceMs);
    expect(closeOf("ada")).toBe(4401);
    expect(scene.sockets.payloads("ada", "error").at(-1)?.["message"]).toContain("still be here");
  });

  it("stands also when nobody gets to ask: it ends by itself", () => {
    join("ada");
    scene.flush(T0 + 10 * MINUTE - 1);
    expect(closeOf("ada")).toBeUndefined();
    scene.flush(T0 + 10 * MINUTE);
    expect(closeOf("ada")).toBe(4401);
  });

  it("is not called a token that has ended, whoever finds that it is over", () => {
    join("ada");
    scene.hear("ada", { type: "ping" }, T0 + 10 * MINUTE);
    scene.flush(T0 + 10 * MINUTE);
    expect(scene.sockets.payloads("ada", "error")).toMatchObject([
      { message: AUTHORITY_ENDED.message },
    ]);
  });

  it("stands as before once the rule answers again", () => {
    join("ada");
    answer(FAILED, T0 + 5 * MINUTE);
    answer(OWNER, T0 + 6 * MINUTE);
    scene.flush(T0 + 15 * MINUTE);
    expect(closeOf("ada")).toBeUndefined();
    expect(sessionOf("ada")?.authority?.graceEndsAt).toBeUndefined();
  });

  it("is not put off by new tokens", () => {
    join("ada");
    const renew = (now: number) => {
      const connection = scene.room.connection("ada");
      const authority = connection?.session.authority;
      if (connection === undefined || authority === undefined) throw new Error("gone");
      const ofToken = { ...authority, tokenEndsAt: now + 60 * MINUTE };
      const asking = scene.room.authorities.ask(connection, ofToken);
      scene.room.authorities.renewed(asking, FAILED, now, undefined, now);
    };
    renew(T0 + MINUTE);
    renew(T0 + 3 * MINUTE);
    scene.flush(T0 + 6 * MINUTE - 1);
    expect(closeOf("ada")).toBeUndefined();
    scene.flush(T0 + 6 * MINUTE);
    expect(closeOf("ada")).toBe(4401);
  });
});

describe("a nudge (P14.8)", () => {
  it("has everybody asked about, or one person on each connection", () => {
    join("ada-1");
    for (const id of ["ada", "ben"]) join(id);
    expect(scene.room.authorities.nudge("ada", T0 + 1)).toBe(1);
    expect(toAsk(T0 + 1)).toEqual(["ada"]);
    expect(scene.room.authorities.nudge("nobody", T0 + 1)).toBe(0);
    expect(scene.room.authorities.nudge(undefined, T0 + 1)).toBe(3);
    expect(toAsk(T0 + 1)).toEqual(["ada-1", "ben"]);
  });

  it("is heeded by whoever was being asked about when it came", () => {
    join("ada");
    const [asking] = scene.room.authorities.toAsk(T0 + 5 * MINUTE);
    if (asking === undefined) throw new Error("not asked");
    scene.room.authorities.nudge(undefined, T0 + 5 * MINUTE);
    scene.room.authorities.answered(asking, OWNER, T0 + 5 * MINUTE, T0 + 5 * MINUTE);
    expect(toAsk(T0 + 5 * MINUTE)).toEqual(["ada"]);
  });

  it("is heeded by whoever comes in by what was answered before it", () => {
    scene.room.authorities.nudge(undefined, T0);
    const request = { url: "https://edge.test/", headers: {} };
    const asked = { tokenEndsAt: TOKEN_ENDS, grants: [], request };
    const { clocksApartMs } = AUTHORITY_BOUNDS;
    const askAt = (askedAt: number, now: number) =>
      scene.room.authorities.admitted(admittedBy(OWNER, { ...asked, askedAt }).authority, now)
        .askAt;
    expect(askAt(T0 - 1, T0 + 2)).toBe(T0 + 2);
    // The clock of whoever asked may have been ahead of ours.
    const surelyAfter = T0 + clocksApartMs + 1;
    expect(askAt(surelyAfter - 1, surelyAfter)).toBe(surelyAfter);
    expect(askAt(surelyAfter, surelyAfter)).toBe(surelyAfter + 5 * MINUTE);
  });

  it("is heeded also by whoever an edge let in whose clock is ahead of the room's", () => {
    join("ada");
    const ada = scene.room.connection("ada");
    const authority = ada?.session.authority;
    if (ada === undefined || authority === undefined) throw new Error("not here");
    const ahead = { ...authority, askedAt: T0 + 5_000 };
    ada.session = { ...ada.session, authority: scene.room.authorities.admitted(ahead, T0) };
    scene.room.authorities.nudge("ada", T0 + 1);
    answer(REFUSED, T0 + 1);
    expect(closeOf("ada")).toBe(4403);
  });

  it("about one person makes nothing old that is asked about others", () => {
    for (const id of ["ada", "ben"]) join(id);
    const now = T0 + 5 * MINUTE;
    const asking = scene.room.authorities.toAsk(now);
    scene.room.authorities.nudge("ben", now);
    for (const one of asking) scene.room.authorities.answered(one, OWNER, now, now);
    expect(toAsk(now)).toEqual(["ben"]);
  });
});

it("takes no answer that is older than the one at hand", () => {
  join("ada");
  const [asking] = scene.room.authorities.toAsk(T0 + 5 * MINUTE);
  const connection = scene.room.connection("ada");
  const authority = connection?.session.authority;
  if (asking === undefined || connection === undefined || authority === undefined) {
    throw new Error("not asked");
  }
  const newer = scene.room.authorities.ask(connection, authority);
  const at = T0 + 5 * MINUTE + 1;
  scene.room.authorities.renewed(newer, GUEST, at, undefined, at);
  scene.room.authorities.answered(asking, REFUSED, T0 + 5 * MINUTE, at + 1);
  scene.flush(at + 1);
  expect(sessionOf("ada")?.permissions).toEqual(["read"]);
  expect(closeOf("ada")).toBeUndefined();
});

it.each([
  ["refuses", REFUSED, 4403],
  ["fails", FAILED, undefined],
] as const)(
  "takes at once what a rule that %s says after a nudge, though the edge that let somebody in has a clock ahead of ours",
  (_, verdict, code) => {
    join("ada", OWNER, T0 + 3_000);
    scene.room.authorities.nudge(undefined, T0);
    expect(answer(verdict, T0)).toHaveLength(1);
    // Or it would be asked without end, until our clock comes by.
    expect(toAsk(T0)).toEqual([]);
    expect(closeOf("ada")).toBe(code);
  },
);

describe("two questions about one connection", () => {
  function askTwice() {
    join("ada");
    const { authorities } = scene.room;
    const at = T0 + 5 * MINUTE;
    const [asking] = authorities.toAsk(at);
    const ada = scene.room.connection("ada");
    const authority = ada?.session.authority;
    if (!asking || !ada || !authority) throw new Error("not asked");
    return { asking, ada, authority, authorities, at };
  }

  it("are both answered before it is asked about a third time", () => {
    const { asking, ada, authority, authorities, at } = askTwice();
    const renewing = authorities.ask(ada, authority);
    authorities.answered(asking, FAILED, at, at);
    const later = at + AUTHORITY_BOUNDS.askAgainMs;
    expect(toAsk(later)).toEqual([]);
    authorities.renewed(renewing, FAILED, at, undefined, later);
    expect(toAsk(later + AUTHORITY_BOUNDS.askAgainMs)).toEqual(["ada"]);
  });

  it("of which the older is on a token of other grants, which ends no later: it is asked again", () => {
    const { asking, ada, authority, authorities, at } = askTwice();
    const renewing = authorities.ask(ada, { ...authority, grants: ["read"] });
    authorities.renewed(renewing, OWNER, at, undefined, at);
    authorities.answered(asking, OWNER, at, at);
    expect(toAsk(at)).toEqual(["ada"]);
  });

  it("of which the one on a new token was asked first, and is answered last: it is asked again", () => {
    const { asking, ada, authority, authorities, at } = askTwice();
    const renewing = authorities.ask(ada, authority);
    authorities.answered(asking, GUEST, at + 1, at + 1);
    authorities.renewed(renewing, OWNER, at, undefined, at + 2);
    expect(toAsk(at + 2)).toEqual(["ada"]);
  });
});
