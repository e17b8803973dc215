import { useLayoutEffect, useRef } from "hono/jsx/dom";
import type { DocumentSession } from "../session.ts";
import { Surface } from "../writing/surface.ts";

const HINT = "writing-hint";

/** The text, and how one gets about in it by keys. */
export function Writing(props: {
  readonly session: DocumentSession;
  readonly name: string;
  readonly surface: { current: Surface | null };
  readonly mayWrite: boolean;
  readonly placeholder: string;
}) {
  const { session, name, surface, mayWrite, placeholder } = props;
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (frame.current === null) return;
    const made = new Surface({
      parent: frame.current,
      text: session.text,
      awareness: session.awareness,
      label: `Text of ${name}`,
      describedBy: HINT,
    });
    surface.current = made;
    return () => {
      surface.current = null;
      made.destroy();
    };
  }, [session]);
  useLayoutEffect(() => surface.current?.setWritable(mayWrite), [session, mayWrite]);
  useLayoutEffect(() => surface.current?.setPlaceholder(placeholder), [session, placeholder]);
  return (
    <>
      <div class="writing" ref={frame} />
      <p class="writing-hint" id={HINT}>
        Markdown. Escape, then Tab, leaves the text.
      </p>
    </>
  );
}
