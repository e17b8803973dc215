/** What of a project's Wrangler configuration concerns Hibiki, as it is written there. */
export interface Config {
  readonly main?: string;
  readonly compatibility_date?: string;
  readonly compatibility_flags?: readonly string[];
  readonly durable_objects?: { readonly bindings?: readonly ObjectBinding[] };
  readonly migrations?: readonly Migration[];
  readonly ratelimits?: readonly { readonly name?: string }[];
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly observability?: {
    readonly enabled?: boolean;
    readonly logs?: { readonly enabled?: boolean; readonly invocation_logs?: boolean };
  };
  /** Environments: bindings, migrations apart, are not inherited by them. */
  readonly env?: Readonly<Record<string, Config>>;
}

/** A class of Durable Objects by the name that code finds it under. */
export interface ObjectBinding {
  readonly name: string;
  readonly class_name: string;
  /** The Worker that has the class, when it is another one. */
  readonly script_name?: string;
}

/** A step of the classes that a Worker has, in order. */
export interface Migration {
  readonly tag: string;
  readonly new_sqlite_classes?: readonly string[];
  readonly new_classes?: readonly string[];
  readonly renamed_classes?: readonly { readonly from: string; readonly to: string }[];
  readonly transferred_classes?: readonly { readonly to: string }[];
  readonly deleted_classes?: readonly string[];
}

/** How the configuration is written. */
export type Format = "toml" | "json";
