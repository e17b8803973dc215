/** What a scrolling log tells. */
export interface LogScrollEvents {
  /** Whether the end is in view, and so kept in view. */
  pinned(isPinned: boolean): void;
  /** The reader has scrolled up to the beginning of what is at hand. */
  top(): void;
  /** The message with this seq, and those before it, are in front of the reader. */
  seen(seq: number): void;
}

/** This near to the end counts as the end, and as the beginning, in pixels. */
const END_PX = 48;
const TOP_PX = 240;
/** What was read before is in view above the first new line, this far. */
const BEGIN_PX = 64;
/** A message counts as seen when this much of it is in view: the first lines of a long one. */
const SEEN_PX = 56;

/** Keeps a log's place: at its end when that is in view, else at the line that is read. */
export class LogScroll {
  readonly #log: HTMLElement;
  readonly #list: HTMLElement;
  readonly #events: LogScrollEvents;
  readonly #resizes: ResizeObserver;
  #isPinned = true;
  /** Where the log was left or seen last: anywhere else, its reader has scrolled since. */
  #scrollTop = 0;
  #anchor: { readonly line: Element; readonly top: number } | undefined;

  /** Starts at the end. `list` holds the lines and is inside `log`. */
  constructor(log: HTMLElement, list: HTMLElement, events: LogScrollEvents) {
    this.#log = log;
    this.#list = list;
    this.#events = events;
    this.#resizes = new ResizeObserver(() => this.settle());
    this.#resizes.observe(log);
    this.#resizes.observe(list);
    log.addEventListener("scroll", this.#scrolled, { passive: true });
    document.addEventListener("visibilitychange", this.#look);
  }

  /** Lets go of the page. */
  disconnect(): void {
    this.#resizes.disconnect();
    this.#log.removeEventListener("scroll", this.#scrolled);
    document.removeEventListener("visibilitychange", this.#look);
  }

  /** Puts everything back in its place after the lines have changed. */
  settle(): void {
    // The event of a scroll comes with the next picture: lines that change before are not to undo it.
    if (this.#isScrolledUp()) this.#follow();
    const { line, top } = this.#anchor ?? {};
    if (this.#isPinned) this.#log.scrollTop = this.#log.scrollHeight;
    else if (line?.isConnected && top !== undefined) {
      this.#log.scrollTop += this.#offset(line) - top;
    }
    this.#remember();
    this.#look();
  }

  /** Begins at the line that this selects, if from there to the end is more than can be in view. */
  begin(selector: string): void {
    const line = this.#list.querySelector(selector);
    if (line === null) return;
    const newPx = this.#list.getBoundingClientRect().bottom - line.getBoundingClientRect().top;
    if (newPx <= this.#log.clientHeight) return;
    this.#isPinned = false;
    this.#log.scrollTop += this.#offset(line) - BEGIN_PX;
    this.#remember();
    this.#events.pinned(false);
  }

  /** Goes to the end and stays there. */
  pin(): void {
    this.#isPinned = true;
    this.settle();
    this.#events.pinned(true);
  }

  /** Brings a message into the middle, with the focus on it. */
  reveal(seq: number): void {
    const line = this.#list.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    if (line === null) return;
    line.scrollIntoView({ block: "center" });
    line.focus({ preventScroll: true });
    line.animate([{ backgroundColor: "var(--flash)" }, {}], {
      duration: 1_600,
      easing: "ease-out",
    });
  }

  readonly #scrolled = (): void => {
    this.#follow();
    this.#look();
    if (this.#log.scrollTop < TOP_PX) this.#events.top();
  };

  #follow(): void {
    const isPinned = this.#pastPx() < END_PX;
    if (isPinned !== this.#isPinned) {
      this.#isPinned = isPinned;
      this.#events.pinned(isPinned);
    }
    this.#remember();
  }

  /** Lines that grew shorter move a log too, but never further than to its end. */
  #isScrolledUp(): boolean {
    return this.#log.scrollTop < this.#scrollTop && this.#pastPx() >= END_PX;
  }

  /** How much there is below what is in view. */
  #pastPx(): number {
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    return scrollHeight - clientHeight - scrollTop;
  }

  readonly #look = (): void => {
    if (document.visibilityState !== "visible") return;
    const end = this.#log.getBoundingClientRect().bottom;
    for (let line = this.#list.lastElementChild; line; line = line.previousElementSibling) {
      const seq = Number(line.getAttribute("data-seq"));
      const { top, height } = line.getBoundingClientRect();
      if (seq > 0 && top + Math.min(height, SEEN_PX) <= end + 1) {
        this.#events.seen(seq);
        return;
      }
    }
  };

  #remember(): void {
    const line = this.#firstInView();
    this.#anchor = line === undefined ? undefined : { line, top: this.#offset(line) };
    this.#scrollTop = this.#log.scrollTop;
  }

  #firstInView(): Element | undefined {
    const lines = this.#list.children;
    let low = 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const line = lines[middle];
      if (line !== undefined && line.getBoundingClientRect().bottom > this.#top) high = middle;
      else low = middle + 1;
    }
    return lines[low];
  }

  #offset(line: Element): number {
    return line.getBoundingClientRect().top - this.#top;
  }

  get #top(): number {
    return this.#log.getBoundingClientRect().top;
  }
}
