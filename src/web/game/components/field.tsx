import { useLayoutEffect, useRef } from "hono/jsx/dom";
import { FieldLoop } from "../drawing/field-loop.ts";
import { Controls } from "../input/controls.ts";
import type { ArenaSession } from "../session.ts";
import type { Standing } from "../state/standing.ts";
import { fieldWords } from "../text/words.ts";

/** Where one sees the game, and plays it. */
export function Field(props: {
  readonly session: ArenaSession;
  readonly plays: boolean;
  readonly standings: readonly Standing[];
  /** Told once a second how many frames were drawn in it. */
  readonly showRate: (framesPerSecond: number) => void;
}) {
  const { session, plays, showRate } = props;
  const field = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (field.current === null || canvas.current === null) return;
    const controls = new Controls(field.current);
    const loop = new FieldLoop({ canvas: canvas.current, controls, session, showRate });
    return () => {
      loop.stop();
      controls.detach();
    };
  }, [session]);
  // Whoever comes to play can do so at once.
  useLayoutEffect(() => {
    if (plays && document.activeElement === document.body) field.current?.focus();
  }, [plays]);
  const playing = plays
    ? ({
        role: "application",
        tabIndex: 0,
        "aria-label": "Arena: arrow keys move you",
        "aria-describedby": "how-to",
      } as const)
    : {};
  return (
    <div class="playground" id="arena" ref={field} {...playing}>
      <canvas ref={canvas} role="img" aria-label={fieldWords(props.standings)} />
    </div>
  );
}
