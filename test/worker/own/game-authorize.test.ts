import { beforeEach, describe, expect, it } from "vitest";
import { refuse } from "../../../src/contract/index.ts";
import { referee, resetReferee } from "../../fixtures/kinds/referee.ts";
import { call } from "../support/http.ts";
import { Peer } from "../support/peer.ts";
import { tokenFor } from "../support/tokens.ts";

const WATCHER = { can: ["read"] } as const;
const PLAYER = { can: ["read", "write"] } as const;
const RIGHT = { dx: 1, dy: 0 };

let games = 0;
/** A game of its own for each test. */
function room(): string {
  games += 1;
  return `game:authorized-${games}`;
}

/** A token that grants nothing at all: the referee alone decides. */
const nothing = (sub: string) => tokenFor(sub, { rooms: {} });

async function enter(game: string, who: string): Promise<Peer> {
  return Peer.connect(game, who, { token: await nothing(who) });
}

beforeEach(resetReferee);

describe("game.authorize decides alone, by whatever way somebody comes (P14.1)", () => {
  it("lets in who plays and who watches, whatever their tokens grant", async () => {
    referee.answer = async ({ actor }) => (actor.id === "ann" ? PLAYER : WATCHER);
    const game = room();
    const [ann, eve] = [await enter(game, "ann"), await enter(game, "eve")];
    expect([typeof ann.joined.playerId, eve.joined.playerId]).toEqual(["number", undefined]);
    expect(await ann.ask("player_input", RIGHT)).toMatchObject({
      success: true,
      tick: expect.any(Number),
    });
    expect(await eve.ask("player_input", RIGHT)).toMatchObject({
      error: { code: "access_denied" },
    });
    expect(referee.asked).toMatchObject([
      { actor: { id: "ann" }, room: game, grants: [] },
      { actor: { id: "eve" }, room: game, grants: [] },
    ]);
    for (const peer of [ann, eve]) peer.socket.close(1000);
  });

  it("keeps out whom it refuses, on sockets, streams, polls and requests", async () => {
    referee.answer = async () => refuse("no_pass", "The season is over.", { status: 451 });
    const game = room();
    const token = await tokenFor("ann");
    const ann = await Peer.connect(game, "ann", { token });
    expect(ann.of("error")).toMatchObject([{ code: "no_pass", message: "The season is over." }]);
    expect((await ann.untilClosed()).code).toBe(4403);
    for (const path of ["events", "poll", "users"]) {
      const response = await call("GET", `/v1/rooms/${game}/${path}`, { auth: token });
      expect([path, response.status]).toEqual([path, 451]);
      await response.body?.cancel();
    }
  });

  it("asked anew, has a player only watch from the next tick on, and sends others away (P14.8)", async () => {
    referee.answer = async () => PLAYER;
    const game = room();
    const [ann, ben, cai] = [
      await enter(game, "ann"),
      await enter(game, "ben"),
      await enter(game, "cai"),
    ];
    referee.answer = async ({ actor: { id } }) =>
      ({ ben: WATCHER, cai: refuse("no_pass", "Out.") })[id] ?? PLAYER;
    const nudge = await call("POST", `/v1/rooms/${game}/reauthorize`, { body: {} });
    expect(await nudge.json()).toEqual({ asked: 3 });
    expect((await cai.untilClosed()).code).toBe(4403);
    const idsOf = (ids: readonly number[][]) => ids.map(([id]) => id);
    await ann.until(() =>
      ann
        .of("game_state")
        .some(({ full, players }) => full === true && idsOf(players).join() === "1"),
    );
    expect(await ben.ask("player_input", RIGHT)).toMatchObject({
      error: { code: "access_denied" },
    });
    expect(ben.closed).toBeUndefined();
    for (const peer of [ann, ben]) peer.socket.close(1000);
  });
});
