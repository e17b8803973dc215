import { expect, it } from "vitest";
import { Bundle } from "../../../src/protocol/bundle.ts";
import { EncodedFrame } from "../../../src/protocol/encoded-frame.ts";
import { unbundle } from "../../../src/protocol/unbundle.ts";

it.each([1, 2, 5])("takes apart what a bundle of %d frames put together", (count) => {
  const frames = Array.from({ length: count }, (_, i) =>
    EncodedFrame.fromJson(`{"type":"new_message","seq":${i + 1},"payload":{"content":"響\\n"}}`),
  );
  const messages = new Bundle(frames, "2026-01-01T00:00:00.000Z").messages("json");
  const texts = messages.flatMap((message) => unbundle(String(message)));
  expect(texts.map(({ json }) => json)).toEqual(frames.map(({ json }) => json));
  expect(texts.map(({ type, seq }) => [type, seq])).toEqual(
    frames.map((_, i) => ["new_message", i + 1]),
  );
});
