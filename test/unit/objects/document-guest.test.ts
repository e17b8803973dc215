import { expect, it } from "vitest";
import { Doc, encodeStateAsUpdate } from "yjs";
import { writeUpdate } from "../../../src/document/wire.ts";
import { DocumentGuest } from "../../../src/objects/document-guest.ts";
import { Reauthorization } from "../../../src/objects/reauthorization.ts";
import { DocumentScene } from "../document/support/document-scene.ts";

const never = () => {
  throw new Error("Nothing of this is needed.");
};

function guestOf({ live }: DocumentScene): DocumentGuest {
  const turns = { background: () => {}, turn: <T>(work: (now: number) => T) => work(0) };
  const reauthorization = new Reauthorization({
    turns,
    name: "document:notes",
    room: live,
    authorizer: undefined,
    env: {},
    journal: { error: () => {} },
    clock: () => 0,
  });
  return new DocumentGuest({
    live,
    closed: undefined,
    authorizes: false,
    reauthorization,
    couriers: never,
    reports: never,
    editors: { restore: () => {}, ended: () => {} },
    turns,
    end: never,
  });
}

it("whoever says what cannot be heard for our fault is to come back and say it again (P17.8)", () => {
  const scene = new DocumentScene({ documentBytes: 1_000 });
  const [ada, ben] = [scene.join("ada"), scene.join("ben")];
  const guest = guestOf(scene);
  ada.type("hello");
  scene.pass(1_000);
  const doc = new Doc();
  doc.getText("text").insert(0, "x".repeat(2_000));
  const frame = writeUpdate(encodeStateAsUpdate(doc)).slice().buffer;
  // It is held against what is stored, which cannot be read.
  scene.database.query("DROP TABLE tail");
  expect(() => guest.hear("ben", frame, scene.now)).toThrow("tail");
  expect([ben.closed, ada.closed]).toEqual([1011, undefined]);
});
