import { describe, expect, it } from "vitest";
import { isDeleted } from "../../../src/web/chat/state/entry.ts";
import { rows } from "../../../src/web/chat/state/rows.ts";
import { at, frame, joined, lines, message, page, roomAfter, said } from "./room-fixture.ts";

describe("the order of messages", () => {
  it("is the room's order, history first", () => {
    const state = roomAfter(joined({ history: [message(1), message(2)] }), said(message(3)));
    expect(lines(state)).toEqual(["text 1", "text 2", "text 3"]);
  });

  it("shows an event that comes twice once", () => {
    const state = roomAfter(joined(), said(message(1)), said(message(2)), said(message(1)));
    expect(lines(state)).toEqual(["text 1", "text 2"]);
  });

  it("goes on where it was after a resume that missed nothing", () => {
    const state = roomAfter(
      joined({ history: [message(1)] }),
      joined({ recovered: true, seq: 3 }),
      said(message(2)),
      said(message(3)),
    );
    expect(lines(state)).toEqual(["text 1", "text 2", "text 3"]);
  });

  it("begins anew when the log is another one, low seqs included", () => {
    const state = roomAfter(
      joined({ history: [message(8), message(9)] }),
      joined({ epoch: "e2", history: [message(1, { content: "new life" })] }),
      said(message(2)),
    );
    expect(lines(state)).toEqual(["new life", "text 2"]);
    expect(state.older.state).toBe("complete");
  });
});

describe("changes of messages", () => {
  const room = joined({ history: [message(1), message(2)] });

  it("replaces the content of an edited message and keeps its reactions", () => {
    const state = roomAfter(
      room,
      frame("message_reacted", { seq: 1, emoji: "👍", userId: "ben" }, 3),
      frame("message_edited", message(1, { content: "better", editedAt: at(9) }), 4),
    );
    expect(state.entries[0]).toMatchObject({
      content: "better",
      editedAt: at(9),
      reactions: { "👍": ["ben"] },
    });
  });

  it("leaves a mark where a message was deleted, and nothing changes that mark", () => {
    const state = roomAfter(
      room,
      frame("message_deleted", { seq: 1, userId: "ann" }, 3),
      frame("message_edited", message(1, { content: "undead" }), 4),
    );
    expect(lines(state)).toEqual(["(deleted)", "text 2"]);
    expect(state.entries[0]).not.toHaveProperty("content");
  });

  it("keeps a line's key when its message is deleted", () => {
    const before = roomAfter(room);
    const later = roomAfter(room, frame("message_deleted", { seq: 1, userId: "ann" }, 3));
    expect(rows(later).map(({ key }) => key)).toEqual(rows(before).map(({ key }) => key));
  });

  it("counts a person once for each emoji and drops an emoji nobody is left on", () => {
    const react = (seq: number, emoji: string, userId: string, remove?: true) =>
      frame("message_reacted", { seq: 1, emoji, userId, ...(remove ? { remove } : {}) }, seq);
    const state = roomAfter(
      room,
      react(3, "🎉", "ann"),
      react(4, "🎉", "ann"),
      react(5, "🎉", "ben"),
      react(6, "❤️", "ben"),
      react(7, "❤️", "ben", true),
    );
    expect(state.entries[0]).toHaveProperty("reactions", { "🎉": ["ann", "ben"] });
  });

  it("does not apply a change twice", () => {
    const remove = frame(
      "message_reacted",
      { seq: 1, emoji: "👍", userId: "ann", remove: true },
      4,
    );
    const add = frame("message_reacted", { seq: 1, emoji: "👍", userId: "ann" }, 3);
    expect(roomAfter(room, add, remove, add).entries[0]).toHaveProperty("reactions", {});
  });
});

describe("older history", () => {
  const room = joined({ history: [message(11), message(12)] });
  const asked = { type: "older_asked" } as const;
  const came = (pageOf: ReturnType<typeof page>) =>
    ({ type: "older_came", before: 11, page: pageOf }) as const;

  it("is put before what is at hand, without repeats", () => {
    const older = page([message(9), { seq: 10, deleted: true }, message(11)], { hasMore: true });
    const state = roomAfter(room, asked, came(older));
    expect(lines(state)).toEqual(["text 9", "(deleted)", "text 11", "text 12"]);
    expect(state.older.state).toBe("more");
  });

  it("gets the changes that came while it was on its way, and only those newer than it", () => {
    const edit = (seq: number, content: string) =>
      frame("message_edited", message(9, { content }), seq);
    const older = page([message(9, { content: "edit at 13" }), message(10)], { seq: 13 });
    const state = roomAfter(room, asked, edit(13, "stale"), edit(14, "edit at 14"), came(older));
    expect(lines(state)[0]).toBe("edit at 14");
    const exact = roomAfter(room, asked, edit(13, "stale"), came(older));
    expect(lines(exact)[0]).toBe("edit at 13");
  });

  it("is dropped when it belongs to another life of the log or leaves a gap", () => {
    const strange = roomAfter(room, asked, came(page([message(1)], { epoch: "e0" })));
    expect(lines(strange)).toEqual(["text 11", "text 12"]);
    const gap = roomAfter(
      room,
      asked,
      joined({ history: [message(50)] }),
      asked,
      came(page([message(9), message(10)])),
    );
    expect(lines(gap)).toEqual(["text 50"]);
    expect(gap.older.state).toBe("more");
  });

  it("is let go of again when there is much of it, and not before", () => {
    const history = (count: number) =>
      joined({ history: Array.from({ length: count }, (_, i) => message(i + 1)) });
    const few = roomAfter(history(500), { type: "trimmed" });
    expect(few.entries).toHaveLength(500);
    const many = roomAfter(history(501), { type: "trimmed" });
    expect(many.entries).toHaveLength(250);
    expect(many.entries.at(-1)?.seq).toBe(501);
    expect(many.older.state).toBe("more");
  });

  it("can be asked for again after a failure, with the reason shown", () => {
    const problem = { code: "unreachable", message: "no answer" };
    const state = roomAfter(room, asked, { type: "older_failed", problem });
    expect(state).toMatchObject({ older: { state: "more" }, problem });
  });
});

describe("lines", () => {
  it("begins a block for another person, after a pause, for a reply and on another day", () => {
    const state = roomAfter(
      joined({
        history: [
          message(1),
          message(2),
          message(3, { userId: "ben", userName: "Ben" }),
          message(4, { userId: "ben", timestamp: at(30) }),
          message(5, { userId: "ben", timestamp: at(31), replyTo: 1 }),
          message(6, { userId: "ben", timestamp: at(60 * 24) }),
        ],
      }),
    );
    const shown = rows(state);
    expect(shown.map((row) => row.continues)).toEqual([false, true, false, false, false, false]);
    expect(shown.map((row) => row.day !== undefined)).toEqual([
      true,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it("puts what is left of a deleted message on the day of the lines around it", () => {
    const gone = (seq: number) => ({ seq, deleted: true }) as const;
    const tomorrow = (seq: number) => message(seq, { timestamp: at(60 * 24 + seq) });
    const older = page([gone(1), message(2), gone(3), message(4), gone(5), tomorrow(6)]);
    const state = roomAfter(
      joined({ history: [tomorrow(7)] }),
      { type: "older_asked" },
      { type: "older_came", before: 7, page: older },
    );
    const days = rows(state).map(({ day }) => day !== undefined);
    expect(days).toEqual([true, false, false, false, false, true, false]);
    expect(
      rows(state)
        .map(({ continues }) => continues)
        .at(3),
    ).toBe(false);
  });

  it("brings the quoted message, and only its seq when that is not at hand", () => {
    const history = [message(7), message(8, { replyTo: 7 }), message(9, { replyTo: 2 })];
    const [, known, unknown] = rows(roomAfter(joined({ history })));
    expect(known).toMatchObject({ quoted: { seq: 7, entry: { content: "text 7" } } });
    expect(unknown).toMatchObject({ quoted: { seq: 2, entry: undefined } });
  });

  it("says that an edit or a deletion is on its way", () => {
    const changes = new Map([[1, "edit"] as const]);
    const [row] = rows(roomAfter(joined({ history: [message(1)] }), { type: "changes", changes }));
    expect(row).toHaveProperty("change", "edit");
  });

  it("tells a tombstone from a message", () => {
    expect(isDeleted({ seq: 1, deleted: true })).toBe(true);
    expect(isDeleted(message(1))).toBe(false);
  });
});
