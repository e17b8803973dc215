/** What of Node's emitter the types of socket.io speak of. */
export declare class EventEmitter {
  on(event: string | symbol, listener: (...args: never[]) => void): this;
  once(event: string | symbol, listener: (...args: never[]) => void): this;
  off(event: string | symbol, listener: (...args: never[]) => void): this;
  addListener(event: string | symbol, listener: (...args: never[]) => void): this;
  removeListener(event: string | symbol, listener: (...args: never[]) => void): this;
  removeAllListeners(event?: string | symbol): this;
  prependListener(event: string | symbol, listener: (...args: never[]) => void): this;
  setMaxListeners(count: number): this;
  emit(event: string | symbol, ...args: unknown[]): boolean;
  listeners(event: string | symbol): ((...args: never[]) => void)[];
  listenerCount(event: string | symbol): number;
  eventNames(): (string | symbol)[];
}
