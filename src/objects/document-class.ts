import { DocumentObject } from "./document-object.ts";
import type { DocumentDeployment, DocumentEnv } from "./document-parts.ts";

/** An object class of documents, as the platform makes objects of it. */
export type DocumentClass = new (ctx: DurableObjectState, env: DocumentEnv) => DocumentObject;

/** The object class of a deployment's documents, for the Worker to export. */
export function documentClass(deployment: DocumentDeployment): DocumentClass {
  return class extends DocumentObject {
    constructor(ctx: DurableObjectState, env: DocumentEnv) {
      super(ctx, env, deployment);
    }
  };
}
