import { type Direction, isStill, STILL } from "./direction.ts";
import { directionOfPads } from "./gamepad.ts";
import { HeldKeys } from "./held-keys.ts";
import { type Spot, Stick } from "./stick.ts";

/** Keyboard, touch and gamepad as one: where the player is to go. */
export class Controls {
  readonly #field: HTMLElement;
  readonly #keys = new HeldKeys();
  readonly #stick = new Stick();
  readonly #detached = new AbortController();

  /** @param field what has the focus, and takes touches. */
  constructor(field: HTMLElement) {
    this.#field = field;
    const { signal } = this.#detached;
    field.addEventListener("keydown", this.#pressed, { signal });
    field.addEventListener("keyup", ({ code }) => this.#keys.release(code), { signal });
    field.addEventListener("blur", () => this.#keys.releaseAll(), { signal });
    field.addEventListener("pointerdown", this.#touched, { signal });
    field.addEventListener("pointermove", this.#moved, { signal });
    const lifted = ({ pointerId }: PointerEvent) => this.#stick.release(pointerId);
    for (const event of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      field.addEventListener(event, lifted, { signal });
    }
    addEventListener("blur", this.#release, { signal });
    addEventListener("pagehide", this.#release, { signal });
    document.addEventListener("visibilitychange", this.#release, { signal });
  }

  /** Where the player is to go now; called with each frame, for pads tell nothing by themselves. */
  get direction(): Direction {
    const touched = this.#stick.direction;
    if (!isStill(touched)) return touched;
    const pressed = this.#keys.direction;
    if (!isStill(pressed)) return pressed;
    // A pad is everybody's who looks at it: another window's, when that has the focus.
    return document.hasFocus() ? directionOfPads(pads()) : STILL;
  }

  /** The stick that is under a thumb. */
  get stick(): Stick["shown"] {
    return this.#stick.shown;
  }

  detach(): void {
    this.#detached.abort();
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    // Those are the browser's; and while they are held, it does not tell of keys that come up.
    if (event.ctrlKey || event.metaKey || event.altKey) this.#keys.releaseAll();
    else if (this.#keys.press(event.code)) event.preventDefault();
  };

  readonly #touched = (event: PointerEvent): void => {
    if (event.button !== 0 || !this.#stick.grasp(event.pointerId, this.#spotOf(event))) return;
    this.#field.setPointerCapture(event.pointerId);
  };

  readonly #moved = (event: PointerEvent): void => {
    this.#stick.move(event.pointerId, this.#spotOf(event));
  };

  readonly #release = (): void => {
    this.#keys.releaseAll();
    this.#stick.releaseAll();
  };

  #spotOf({ clientX, clientY }: PointerEvent): Spot {
    const { left, top } = this.#field.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}

function pads(): readonly (Gamepad | null)[] {
  // Absent on pages that are served over plain HTTP, and forbidden in some frames.
  try {
    return navigator.getGamepads?.() ?? [];
  } catch {
    return [];
  }
}
