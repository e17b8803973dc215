import { isSyntaxError, Link } from "./link.ts";
import {
  failingForMs,
  isPatient,
  OWN_CODES,
  type Reached,
  RUNG_MS,
  type TransportParts,
} from "./reached.ts";
import type { Channel, ChannelEvents, Transport, Visit, Way } from "./transport.ts";

/** What all channels of a client share. */
interface Parts extends TransportParts {
  readonly best: Way;
  readonly reached: Reached;
}

/**
 * What enters rooms by the best transport, and where that cannot be established at all by the best of
 * the others that works: most clients never need the code for those.
 */
export function overBest(of: TransportParts, best: Way): Transport {
  const reached = { carries: [0, 0, 0], failingSince: new Map(), start: 0, isProven: false };
  const parts: Parts = { ...of, best, reached };
  return {
    open: (visit, events) => parts.whole?.open(visit, events) ?? openFirst(parts, visit, events),
  };
}

/** One way to a room over the best transport, or whatever else gets through when that says nothing. */
function openFirst(parts: Parts, visit: Visit, events: ChannelEvents): Channel {
  const { environment, best, reached } = parts;
  const { carries } = reached;
  const { room } = visit;
  let isCarried = false;
  let link: Link;

  const below = () => {
    const load = async () => (await import("./http-transports.ts")).belowBest(parts, best, reached);
    return new Link({ load }, visit, events);
  };
  /** Tries the other transports; `false` when it is too early for that. */
  const goDown = () => {
    if (isPatient(reached, room, 0, environment.now())) return false;
    patience();
    link.drop();
    link = below();
    return true;
  };
  const over = () => {
    patience();
    const [count = 0] = carries;
    if (isCarried) carries[0] = count - 1;
    isCarried = false;
  };

  failingForMs(reached, room, environment.now());
  const patience = environment.after(RUNG_MS, goDown);
  try {
    link = new Link(best, visit, {
      received: (frames) => {
        // Whatever it says, even what cannot be read: a way that carries it is no broken way.
        if (!isCarried && frames.length > 0) {
          isCarried = true;
          patience();
          reached.failingSince.delete(room);
          const [count = 0] = carries;
          carries[0] = count + 1;
          reached.start = 0;
          reached.isProven = true;
        }
        events.received(frames);
      },
      closed: (code) => {
        if (!isCarried && code < OWN_CODES && goDown()) return;
        over();
        events.closed(code);
      },
    });
  } catch (error) {
    // A URL or token that is not well-formed is so for every transport; a platform without WebSocket
    // has others.
    patience();
    if (isSyntaxError(error)) throw error;
    link = below();
  }
  return {
    get traits() {
      return link.traits;
    },
    send: (frame, frameBytes) => link.send(frame, frameBytes),
    ping: () => link.ping(),
    probe: () => link.probe(),
    close: (code, reason) => {
      over();
      // Dropped, it tells nothing any more, but that it is over.
      link.drop(code, reason);
      link.closed.then(() => events.closed(code));
    },
  };
}
