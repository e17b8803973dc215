import * as z from "zod";
import { reservedContract } from "../../../../src/contract/reserved-contract.ts";
import { type Extension, extendedKind } from "../../../../src/kinds/extension.ts";
import { KindTable } from "../../../../src/kinds/kind-table.ts";
import { EncodedFrame } from "../../../../src/protocol/encoded-frame.ts";
import { refusal } from "../../../../src/protocol/error.ts";
import { iso } from "../../../../src/protocol/iso.ts";
import type { KindMemory, KindPorts } from "../../../../src/room/hooks/kind.ts";
import { eventFrame } from "../../../../src/room/log/event-frame.ts";

/** Where code of a kind may fail: every hook, and what else of it the room calls. */
export type Place =
  | keyof KindMemory
  | "decide"
  | "keep"
  | "despite"
  | "frame"
  | "placeOf"
  | "seqAt"
  | "isFollowedBy"
  | "standingFrame";

/** Where it fails now. */
const broken = new Set<Place>();

/** Has its code fail in these places, and nowhere else. */
export function breakIn(...places: readonly Place[]): void {
  broken.clear();
  for (const place of places) broken.add(place);
}

function fail(place: Place): void {
  if (broken.has(place)) throw new Error(`broken in ${place}`);
}

const fragile = reservedContract("topic", {
  events: { new_message: z.object({}) },
  signals: {},
  commands: { send_message: z.object({ content: z.string() }) },
});

/** All hooks that there are: a new one belongs here, and into a test. */
function fragileMemory({ store }: KindPorts): Required<KindMemory> {
  let revision = 0;
  return {
    begin: () => fail("begin"),
    appended: () => fail("appended"),
    save: () => fail("save"),
    settled() {
      fail("settled");
      revision += 1;
    },
    owes() {
      fail("owes");
      return [];
    },
    rolledBack: () => fail("rolledBack"),
    resume(cursor) {
      fail("resume");
      const missed = cursor && { after: cursor.seq, upTo: store.log.head };
      return { recovered: missed !== undefined, missed };
    },
    greet() {
      fail("greet");
      return { fields: {}, history: [] };
    },
    poll() {
      fail("poll");
      return { state: {} };
    },
    page() {
      fail("page");
      return { entries: [], fields: {} };
    },
    whole() {
      fail("whole");
      return '"whole":true';
    },
    waitingSince() {
      fail("waitingSince");
      return undefined;
    },
    left() {
      fail("left");
      return [];
    },
    upkeep: () => fail("upkeep"),
    due() {
      fail("due");
      return [];
    },
    revive() {
      fail("revive");
      return true;
    },
    wakeAt() {
      fail("wakeAt");
      return undefined;
    },
    keepsFrom() {
      fail("keepsFrom");
      return 2;
    },
    trimmed: () => fail("trimmed"),
    livesUntil() {
      fail("livesUntil");
      return Number.NEGATIVE_INFINITY;
    },
    places: {
      placeOf(seq) {
        fail("placeOf");
        return seq;
      },
      seqAt(place) {
        fail("seqAt");
        return place;
      },
    },
    get standing() {
      fail("standing");
      return {
        revision,
        isFollowedBy({ folds }: { readonly folds?: string | undefined }) {
          fail("isFollowedBy");
          return folds !== "nothing";
        },
        frame(now: number) {
          fail("standingFrame");
          const state = {
            type: "state",
            timestamp: iso(now),
            payload: { state: {}, seq: revision },
          };
          return EncodedFrame.fromJson(JSON.stringify(state));
        },
      };
    },
    clock: {
      hears() {
        fail("clock");
        return false;
      },
      hear: () => undefined,
      enter: () => fail("clock"),
      leave: () => fail("clock"),
      get dueAt() {
        fail("clock");
        return undefined;
      },
      tick() {
        fail("clock");
        return false;
      },
      standpointOf() {
        const frame = EncodedFrame.fromJson("{}");
        return { view: {}, told: frame, whole: frame };
      },
      outcomeOf: () => ({ tick: 1 }),
      takeWronged: () => [],
      standing: { tick: 0, players: 0, skippedTicks: 0 },
      hasUnsaved: false,
      waitsUntil: Number.NEGATIVE_INFINITY,
      unreadBytes: 1,
    },
    lastValues: {
      forget() {
        fail("lastValues");
        return true;
      },
    },
  };
}

/** A kind that fails where it is told to; what is said of a place fails in its decision and effects alone. */
const EXTENSION: Extension<typeof fragile, KindMemory> = {
  presence: true,
  address: { title: "A fragile room", room: "topic:{name}", parameters: {} },
  log: {
    frame(event) {
      fail("frame");
      return eventFrame(event);
    },
  },
  archive: { lines: [], sections: () => [] },
  open: fragileMemory,
  decide: {
    send_message({ data, tx }) {
      if (data.content === "decide") fail("decide");
      if (data.content === "despite") {
        tx.despite(() => fail("despite"));
        return refusal("conflict", "Not so.");
      }
      tx.append("new_message", JSON.parse("{}"));
      tx.keep(() => {
        if (data.content === "keep") fail("keep");
        return [];
      });
      return undefined;
    },
  },
};

/** A deployment of that kind alone. */
export const FRAGILE = new KindTable([extendedKind(fragile, {}, EXTENSION)]);
