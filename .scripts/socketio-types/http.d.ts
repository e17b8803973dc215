/** Headers by their names in small letters. */
export type IncomingHttpHeaders = { [name: string]: string | undefined };
/** The request by which a connection began. */
export interface IncomingMessage {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
}
/** There is no server of Node's to attach to. */
export type Server = never;
export type Http2Server = never;
export type Http2SecureServer = never;
