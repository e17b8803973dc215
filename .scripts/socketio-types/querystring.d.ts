export type ParsedUrlQuery = { [name: string]: string | undefined };
